#include "ui/lessons/words.h"

static const char *const english[RN_N_WORDS] = {
  [RN_WORD_CHECK] = "Check",
  [RN_WORD_HINT] = "Hint",
  [RN_WORD_SOLUTION] = "Solution",
  [RN_WORD_SHOW] = "Show me on the graph",
  [RN_WORD_BACK] = "Back",
  [RN_WORD_NEXT] = "Next",
  [RN_WORD_FINISH] = "Finish",
  [RN_WORD_STEP_OF] = "step %d of %d",
  [RN_WORD_ANSWER] = "Your answer",
  [RN_WORD_ANSWER_NUMBER] = "A number, or a sum such as 3*3*64",
  [RN_WORD_ANSWER_SHAPE] = "Height, width, channels",
  [RN_WORD_STRIDE] = "stride",
  [RN_WORD_FILTERS] = "filters",
  [RN_WORD_NOTHING_CHOSEN] = "Choose one of the answers first.",
  [RN_WORD_SELECT_LAYER] = "Select a layer first: in the graph, or in the outline.",
  [RN_WORD_SELECT_BLOCK] = "Select a block first: in the graph, or in the outline.",
  [RN_WORD_NO_NUMBER] = "“%s” is no number and no sum: 9408 or 7*7*3*64 would be.",
  [RN_WORD_NO_SHAPE] = "“%s” is no shape: 56, 56, 256 would be.",
  [RN_WORD_RIGHT] = "Right.",
  [RN_WORD_NOT_YET] = "Not yet.",
  [RN_WORD_DO_IT] = "Do it",
  [RN_WORD_UNDO_EDITS] = "Undo",
  [RN_WORD_IN_FORCE] = "In force: %s",
  [RN_WORD_NO_EDITS] = "No edit is in force.",
  [RN_WORD_OTHER_EDITS] = ("That is done, but more is in force: %s. Remove the rest, so that the "
                           "figures mean this edit alone."),
  [RN_WORD_LESSONS] = "Lessons",
  [RN_WORD_DONE_LESSON] = "That was the last step.",
  [RN_WORD_BUSY] = "Computing…",
  [RN_WORD_READ_MORE] = "See %s",
  [RN_WORD_SELECTED] = "Selected: %s",
  [RN_WORD_NO_SELECTION] = "Nothing is selected yet.",
  [RN_WORD_SHOW_LEARN] = "Show the networks",
  [RN_WORD_UNLEARNT] = "The networks have not learnt far enough to tell. Let them learn first.",
  [RN_WORD_UNEXPECTED] = ("That is what your run shows, though not what was to be expected. So few "
                          "pictures and steps leave much to chance: try another seed."),
  [RN_WORD_OTHERWISE] = ("That was to be expected, but your run shows otherwise. Look again. So "
                         "few pictures and steps leave much to chance."),
  [RN_WORD_RUN_NONE] = "%s and %s: not started yet.",
  [RN_WORD_RUN_OTHER] = ("This step is about %s and %s. What learns now is %s and %s: “Show the "
                         "networks” sets the others up in its place."),
  [RN_WORD_RUN_SHARE] = "%s and %s: %d %% done.",
  [RN_WORD_RUN_DONE] = "%s and %s: done.",
};

static const char *const chinese[RN_N_WORDS] = {
  [RN_WORD_CHECK] = "检查",
  [RN_WORD_HINT] = "提示",
  [RN_WORD_SOLUTION] = "答案",
  [RN_WORD_SHOW] = "在图中显示",
  [RN_WORD_BACK] = "上一步",
  [RN_WORD_NEXT] = "下一步",
  [RN_WORD_FINISH] = "完成",
  [RN_WORD_STEP_OF] = "第 %d 步，共 %d 步",
  [RN_WORD_ANSWER] = "你的答案",
  [RN_WORD_ANSWER_NUMBER] = "一个数，或算式，例如 3*3*64",
  [RN_WORD_ANSWER_SHAPE] = "高，宽，通道数",
  [RN_WORD_STRIDE] = "步长",
  [RN_WORD_FILTERS] = "卷积核个数",
  [RN_WORD_NOTHING_CHOSEN] = "请先选择一个答案。",
  [RN_WORD_SELECT_LAYER] = "请先在图中或大纲里选中一层。",
  [RN_WORD_SELECT_BLOCK] = "请先在图中或大纲里选中一个残差块。",
  [RN_WORD_NO_NUMBER] = "“%s”既不是数也不是算式；可以写 9408 或 7*7*3*64。",
  [RN_WORD_NO_SHAPE] = "“%s”不是形状；可以写 56, 56, 256。",
  [RN_WORD_RIGHT] = "正确。",
  [RN_WORD_NOT_YET] = "还不对。",
  [RN_WORD_DO_IT] = "执行",
  [RN_WORD_UNDO_EDITS] = "撤销",
  [RN_WORD_IN_FORCE] = "现有的修改：%s",
  [RN_WORD_NO_EDITS] = "还没有任何修改。",
  [RN_WORD_OTHER_EDITS] = "做到了，但还有别的修改：%s。请去掉其余的修改，这样数字才只反映这一处。",
  [RN_WORD_LESSONS] = "课程",
  [RN_WORD_DONE_LESSON] = "这是最后一步。",
  [RN_WORD_BUSY] = "正在计算……",
  [RN_WORD_READ_MORE] = "参见 %s",
  [RN_WORD_SELECTED] = "已选中：%s",
  [RN_WORD_NO_SELECTION] = "还没有选中任何内容。",
  [RN_WORD_SHOW_LEARN] = "查看学习过程",
  [RN_WORD_UNLEARNT] = "网络学得还不够，现在还说不出来。请先让它们学习。",
  [RN_WORD_UNEXPECTED] = "你的这次运行确实如此，但这出乎意料。图片和步数这么少，偶然性很大：换一个随机种子再试试。",
  [RN_WORD_OTHERWISE] = "本应如此，但你的这次运行并不是这样，请再看一看。图片和步数这么少，偶然性很大。",
  [RN_WORD_RUN_NONE] = "%s 和 %s：还没有开始。",
  [RN_WORD_RUN_OTHER] = "这一步讲的是 %s 和 %s，而正在学习的是 %s 和 %s。按“查看学习过程”即可换成前两个网络。",
  [RN_WORD_RUN_SHARE] = "%s 和 %s：已完成 %d %%。",
  [RN_WORD_RUN_DONE] = "%s 和 %s：已完成。",
};

/* Returns: the word; in English where @language is not known. A lesson's own language counts, not
 * the system's, so that a card is in one language. */
const char *
rn_word_get (RnWord word, const char *language)
{
  if (language != NULL && g_str_has_prefix (language, "zh"))
    return chinese[word];

  return english[word];
}
