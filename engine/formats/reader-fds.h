/* The descriptors that reader and caller agree on. */
#pragma once

/* The file to be read, open for reading. */
#define RN_READER_INPUT_FD 3

/* An empty file in memory, for the parcel. */
#define RN_READER_OUTPUT_FD 4
