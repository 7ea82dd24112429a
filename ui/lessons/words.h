/* What the tutor itself says, in a lesson's language. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RN_WORD_CHECK,
  RN_WORD_HINT,
  RN_WORD_SOLUTION,
  RN_WORD_SHOW,
  RN_WORD_BACK,
  RN_WORD_NEXT,
  RN_WORD_FINISH,
  RN_WORD_STEP_OF, /* two numbers */
  RN_WORD_ANSWER,
  RN_WORD_ANSWER_NUMBER,
  RN_WORD_ANSWER_SHAPE,
  RN_WORD_STRIDE,
  RN_WORD_FILTERS,
  RN_WORD_NOTHING_CHOSEN,
  RN_WORD_SELECT_LAYER,
  RN_WORD_SELECT_BLOCK,
  RN_WORD_NO_NUMBER, /* the answer */
  RN_WORD_NO_SHAPE,  /* the answer */
  RN_WORD_RIGHT,
  RN_WORD_NOT_YET,
  RN_WORD_DO_IT,
  RN_WORD_UNDO_EDITS,
  RN_WORD_IN_FORCE,    /* the edits */
  RN_WORD_NO_EDITS,
  RN_WORD_OTHER_EDITS, /* the edits */
  RN_WORD_LESSONS,
  RN_WORD_DONE_LESSON,
  RN_WORD_BUSY,
  RN_WORD_READ_MORE, /* the citation */
  RN_WORD_SELECTED,  /* a name */
  RN_WORD_NO_SELECTION,
  RN_WORD_SHOW_LEARN,
  RN_WORD_UNLEARNT,   /* a figure that there is not yet */
  RN_WORD_UNEXPECTED, /* right by the run, though not as it should be */
  RN_WORD_OTHERWISE,  /* wrong by the run, though as it should be */
  RN_WORD_RUN_NONE,   /* two names */
  RN_WORD_RUN_OTHER,  /* two names, and two that learn instead */
  RN_WORD_RUN_SHARE,  /* two names, per cent */
  RN_WORD_RUN_DONE,   /* two names */
  RN_N_WORDS
} RnWord;

const char *rn_word_get (RnWord word, const char *language);

G_END_DECLS
