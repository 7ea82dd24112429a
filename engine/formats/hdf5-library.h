/* The HDF5 library as a whole: one user at a time, and quiet. */
#pragma once

#include <hdf5.h>

#include <glib.h>

G_BEGIN_DECLS

void rn_hdf5_library_lock   (void);
void rn_hdf5_library_unlock (void);

G_END_DECLS
