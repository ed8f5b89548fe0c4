// The disk's own parts, shared by disk.c (contents) and vfs.c (SQLite's view).
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>

#include "include/CFaultyVFS.h"

#define SECTOR_BYTES 512
#define NAME_BYTES 256

typedef struct image {
    unsigned char *bytes;
    int64_t size, capacity;
} image;

typedef struct change {
    struct change *next;
    unsigned char *bytes;  // NULL for a truncation to `offset`
    int64_t offset, length;
} change;

typedef struct inode {
    struct inode *next;
    image cached, durable;
    change *first, *last;  // since the last sync
    int shared;            // handles at SQLITE_LOCK_SHARED or above
    void *writer;          // the handle at SQLITE_LOCK_RESERVED or above
    int writer_level;
} inode;

typedef struct entry {
    struct entry *next;
    char name[NAME_BYTES];
    inode *cached, *durable;  // NULL where the file does not exist
} entry;

typedef struct name_change {
    struct name_change *next;
    entry *entry;
    inode *to;
} name_change;

typedef struct disk {
    pthread_mutex_t mutex;
    sqlite3_vfs vfs;
    char vfs_name[32];
    inode *inodes;
    entry *entries;
    name_change *first, *last;  // since the last sync of the directory
    int generation;             // counts power cuts: a handle of another generation is dead
    int dead, ignore_sync, plan_persists;
    int handles, destroyed;     // the last handle of a destroyed disk frees it
    enum faulty_kind plan;
    uint64_t plan_at, operations, syncs, reads, hits, limit, flip_read_at, flip_seed;
} disk;

disk *disk_at(int number);
void vfs_register(disk *d);
void disk_free(disk *d);

uint64_t mix(uint64_t *state);
entry *disk_entry(disk *d, const char *name, int create);
void disk_link(disk *d, entry *e, inode *node);
inode *disk_new_inode(disk *d);
void disk_sync_names(disk *d);
uint64_t disk_used(disk *d);

void inode_write(inode *node, const void *bytes, int64_t offset, int64_t length);
void inode_truncate(inode *node, int64_t size);
void inode_sync(inode *node);
/// Forgets the unsynced changes while reads still see them.
void inode_drop(inode *node);

#endif
