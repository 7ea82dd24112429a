#include "engine/formats/hdf5-library.h"

static GRecMutex library_lock;

/* Every file is closed here as soon as it is done with. HDF5's own last round at exit would try again
 * to write what a full disk has refused, and crash over it. */
static gpointer
set_up (gpointer unused)
{
  H5dont_atexit ();
  H5open ();

  return NULL;
}

/**
 * rn_hdf5_library_lock:
 *
 * Gives the calling thread the library, and sets up what HDF5 keeps per thread or per process: no
 * stack of errors on stderr, and no code loaded because a file asks for it.
 */
void
rn_hdf5_library_lock (void)
{
  static GOnce once = G_ONCE_INIT;

  g_rec_mutex_lock (&library_lock);
  g_once (&once, set_up, NULL);
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state (0);
}

/**
 * rn_hdf5_library_unlock:
 *
 * Ends what rn_hdf5_library_lock() began, on the same thread.
 */
void
rn_hdf5_library_unlock (void)
{
  g_rec_mutex_unlock (&library_lock);
}
