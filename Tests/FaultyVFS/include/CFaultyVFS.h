// A disk in memory that forgets what was not synced, offered to SQLite as a VFS. For tests only.
//
// Each file has two images: what the running system sees (its page cache) and what the platter is sure to
// hold. A write reaches the first at once and the second at the next xSync of that file. A power cut makes of
// every unsynced write one that was kept, lost, or torn at 512-byte sectors.
#ifndef CFAULTYVFS_H
#define CFAULTYVFS_H

#include <stdint.h>

enum faulty_kind {
    FAULTY_NONE = 0,
    /// The operation is not carried out and reports an I/O error. A failed sync also drops what was waiting
    /// for it while reads still see it, as Linux does.
    FAULTY_IO_LOST = 1,
    /// The operation is carried out and reports an I/O error all the same.
    FAULTY_IO_DONE = 2,
    /// A write stops half-way for want of space; a sync reports an I/O error.
    FAULTY_FULL = 3,
    /// The power goes: this and every later operation fails until faulty_disk_crash.
    FAULTY_POWER_CUT = 4
};

/// A new empty disk, registered as the VFS named "faulty-<number>". Returns the number, or -1 when 256 live.
int faulty_disk_create(void);
/// Unregisters a disk, and frees it with its last connection.
void faulty_disk_destroy(int disk);

/// Makes the files what a power cut now might leave, chosen by the seed, and switches the power back on.
/// Connections that were open find every operation failing; their locks are gone.
void faulty_disk_crash(int disk, uint64_t seed);

/// Writes, truncations, syncs, creations and deletions so far: the operations that a fault can hit.
uint64_t faulty_disk_operations(int disk);
/// Syncs so far.
uint64_t faulty_disk_syncs(int disk);
/// Plans `kind` for operation number `at` (counted as above, the next one is operations + 1), and for all
/// later ones too when `persists` is not 0. Replaces the plan before.
void faulty_disk_plan(int disk, uint64_t at, enum faulty_kind kind, int persists);
/// Operations that a plan has hit so far.
uint64_t faulty_disk_hits(int disk);
/// Bytes that all files together may hold; growth beyond it is SQLITE_FULL. 0 for no limit.
void faulty_disk_limit(int disk, uint64_t bytes);
/// With 1, a sync reports success and makes nothing durable.
void faulty_disk_ignore_sync(int disk, int ignored);

/// Size of a file in bytes, -1 when there is none.
int64_t faulty_disk_size(int disk, const char *name);
/// Copies up to `capacity` bytes of a file from its start, as a reader sees them; returns how many.
int64_t faulty_disk_copy(int disk, const char *name, void *buffer, int64_t capacity);
/// Flips one bit (0 to 7) of one byte of a file for good. Returns 0 when there is no such byte.
int faulty_disk_flip(int disk, const char *name, int64_t offset, int bit);
/// The n-th read from now on, 1 for the next, returns one bit flipped, placed by the seed; the file is unharmed.
void faulty_disk_flip_read(int disk, uint64_t nth, uint64_t seed);
/// Reads so far.
uint64_t faulty_disk_reads(int disk);

#endif
