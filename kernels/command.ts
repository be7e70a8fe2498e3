/**
 * Layout of the shared memory's first part and of a command, in bytes. Read by the kernels and by `src/backend/cpu`: plain
 * numbers that mean the same in AssemblyScript and TypeScript.
 */

/** Control words, at these addresses. */
export const EPOCH = 64;
export const OPEN = 128;
export const ENTERED = 192;
export const STOP = 256;
export const FIRST = 320;
export const END = 324;
export const QUIT = 328;
export const RING_END = 332;

/** The ring of commands begins here. */
export const RING = 4096;

/** Bytes of a command: op, number of tasks, next task, tasks done, then arguments. */
export const COMMAND_BYTES = 256;
export const COMMAND_TASKS = 4;
export const COMMAND_NEXT = 8;
export const COMMAND_DONE = 12;
export const COMMAND_ARGUMENTS = 16;

/** Scratch memory of a thread. */
export const SCRATCH_BYTES = 1048576;

/** Families of kernels: the op of a command is its family times 32, plus the kernel's number within it. */
export const MEMORY_FAMILY = 0;
export const MATRIX_FAMILY = 1;
export const ATTENTION_FAMILY = 2;
export const NORMALIZATION_FAMILY = 3;
export const ELEMENTWISE_FAMILY = 4;
export const ROWS_FAMILY = 5;
export const IMAGES_FAMILY = 6;
export const LOSSES_FAMILY = 7;
export const OPTIMIZER_FAMILY = 8;
export const PEAK_FAMILY = 9;
