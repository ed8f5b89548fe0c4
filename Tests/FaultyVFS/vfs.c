// SQLite's view of a disk: the methods of sqlite3_vfs and sqlite3_file. There is no shared memory, so WAL works
// in exclusive locking mode only. Device properties are those that SQLite's own unix VFS reports.
#include <stdlib.h>
#include <string.h>

#include "disk.h"

typedef struct handle {
    sqlite3_file base;
    disk *disk;
    inode *node;
    int anonymous;   // a temporary file of SQLite's own, outside the faults
    int generation, level;
    int sync_names;  // a new journal's first sync makes the directory durable too, as the unix VFS does
} handle;

// What becomes of the operation that is about to run. Called with the mutex held.
static enum faulty_kind next_fault(disk *d) {
    d->operations++;
    if (d->dead) return FAULTY_POWER_CUT;
    if (d->plan == FAULTY_NONE || d->operations < d->plan_at) return FAULTY_NONE;
    if (d->operations > d->plan_at && !d->plan_persists) return FAULTY_NONE;
    d->hits++;
    if (d->plan == FAULTY_POWER_CUT) d->dead = 1;
    return d->plan;
}

static int is_stale(const handle *h) {
    return !h->anonymous && (h->generation != h->disk->generation || h->disk->dead);
}

static int file_unlock(sqlite3_file *file, int level);

static int file_close(sqlite3_file *file) {
    handle *h = (handle *)file;
    file_unlock(file, SQLITE_LOCK_NONE);
    if (h->anonymous) {
        inode_drop(h->node);
        free(h->node->cached.bytes);
        free(h->node);
    }
    pthread_mutex_lock(&h->disk->mutex);
    int unused = --h->disk->handles == 0 && h->disk->destroyed;
    pthread_mutex_unlock(&h->disk->mutex);
    if (unused) disk_free(h->disk);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *buffer, int length, sqlite3_int64 offset) {
    handle *h = (handle *)file;
    disk *d = h->disk;
    pthread_mutex_lock(&d->mutex);
    int result = SQLITE_IOERR_READ;
    if (!is_stale(h)) {
        image *i = &h->node->cached;
        int64_t there = i->size - offset < 0 ? 0 : i->size - offset;
        if (there > length) there = length;
        if (there) memcpy(buffer, i->bytes + offset, (size_t)there);
        memset((char *)buffer + there, 0, (size_t)(length - there));
        result = there < length ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
        if (!h->anonymous && ++d->reads == d->flip_read_at && there) {
            uint64_t toss = mix(&d->flip_seed) % ((uint64_t)there * 8);
            ((unsigned char *)buffer)[toss / 8] ^= (unsigned char)(1 << (toss % 8));
        }
    }
    pthread_mutex_unlock(&d->mutex);
    return result;
}

static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
    handle *h = (handle *)file;
    disk *d = h->disk;
    if (h->anonymous) {
        inode_write(h->node, bytes, offset, length);
        inode_drop(h->node);
        return SQLITE_OK;
    }
    pthread_mutex_lock(&d->mutex);
    int result = SQLITE_IOERR_WRITE;
    if (!is_stale(h)) {
        int64_t growth = offset + length - h->node->cached.size;
        switch (next_fault(d)) {
        case FAULTY_NONE:
            result = SQLITE_OK;
            if (growth > 0 && d->limit && disk_used(d) + (uint64_t)growth > d->limit) {
                result = SQLITE_FULL;
                length /= 2;
            }
            inode_write(h->node, bytes, offset, length);
            break;
        case FAULTY_IO_DONE:
            inode_write(h->node, bytes, offset, length);
            break;
        case FAULTY_FULL:
            inode_write(h->node, bytes, offset, length / 2);
            result = SQLITE_FULL;
            break;
        case FAULTY_POWER_CUT:  // under way as the power went: the crash decides
            inode_write(h->node, bytes, offset, length);
            break;
        case FAULTY_IO_LOST:
            break;
        }
    }
    pthread_mutex_unlock(&d->mutex);
    return result;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    handle *h = (handle *)file;
    disk *d = h->disk;
    pthread_mutex_lock(&d->mutex);
    int result = SQLITE_IOERR_TRUNCATE;
    if (!is_stale(h)) {
        enum faulty_kind fault = h->anonymous ? FAULTY_NONE : next_fault(d);
        if (fault != FAULTY_IO_LOST) inode_truncate(h->node, size);
        if (fault == FAULTY_NONE) result = SQLITE_OK;
    }
    pthread_mutex_unlock(&d->mutex);
    return result;
}

static int file_sync(sqlite3_file *file, int flags) {
    (void)flags;
    handle *h = (handle *)file;
    disk *d = h->disk;
    if (h->anonymous) return SQLITE_OK;
    pthread_mutex_lock(&d->mutex);
    int result = SQLITE_IOERR_FSYNC;
    if (!is_stale(h)) {
        d->syncs++;
        enum faulty_kind fault = next_fault(d);
        if (fault == FAULTY_NONE) result = SQLITE_OK;
        if (!d->ignore_sync && (fault == FAULTY_NONE || fault == FAULTY_IO_DONE)) {
            inode_sync(h->node);
            if (h->sync_names) disk_sync_names(d);
            h->sync_names = 0;
        } else if (fault == FAULTY_IO_LOST || fault == FAULTY_FULL) {
            inode_drop(h->node);
        }
    }
    pthread_mutex_unlock(&d->mutex);
    return result;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    handle *h = (handle *)file;
    pthread_mutex_lock(&h->disk->mutex);
    int stale = is_stale(h);
    *size = h->node->cached.size;
    pthread_mutex_unlock(&h->disk->mutex);
    return stale ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level) {
    handle *h = (handle *)file;
    disk *d = h->disk;
    if (h->level >= level) return SQLITE_OK;
    pthread_mutex_lock(&d->mutex);
    inode *n = h->node;
    int result = SQLITE_OK;
    if (is_stale(h)) {
        result = SQLITE_IOERR_LOCK;
    } else if (level == SQLITE_LOCK_SHARED) {
        if (n->writer && n->writer_level >= SQLITE_LOCK_PENDING) result = SQLITE_BUSY;
        else n->shared++;
    } else if (n->writer && n->writer != h) {
        result = SQLITE_BUSY;
    } else {
        n->writer = h;
        if (level == SQLITE_LOCK_EXCLUSIVE && n->shared > 1) {
            level = SQLITE_LOCK_PENDING;
            h->level = level;
            result = SQLITE_BUSY;
        }
        n->writer_level = level;
    }
    if (result == SQLITE_OK) h->level = level;
    pthread_mutex_unlock(&d->mutex);
    return result;
}

static int file_unlock(sqlite3_file *file, int level) {
    handle *h = (handle *)file;
    disk *d = h->disk;
    pthread_mutex_lock(&d->mutex);
    if (h->level > level) {
        if (h->anonymous || h->generation == d->generation) {
            if (h->node->writer == h) {
                h->node->writer = NULL;
                h->node->writer_level = 0;
            }
            if (level == SQLITE_LOCK_NONE) h->node->shared--;
        }
        h->level = level;
    }
    pthread_mutex_unlock(&d->mutex);
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *reserved) {
    handle *h = (handle *)file;
    pthread_mutex_lock(&h->disk->mutex);
    *reserved = h->node->writer != NULL;
    pthread_mutex_unlock(&h->disk->mutex);
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    (void)file, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file) {
    (void)file;
    return 4096;
}

static int file_characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1, .xClose = file_close, .xRead = file_read, .xWrite = file_write, .xTruncate = file_truncate,
    .xSync = file_sync, .xFileSize = file_size, .xLock = file_lock, .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved, .xFileControl = file_control, .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_characteristics,
};

// Called with the mutex held.
static int open_named(disk *d, handle *h, const char *name, int flags) {
    if (d->dead) return SQLITE_CANTOPEN;
    entry *e = disk_entry(d, name, flags & SQLITE_OPEN_CREATE);
    if (!e) return SQLITE_CANTOPEN;
    if (!e->cached) {
        if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
        enum faulty_kind fault = next_fault(d);
        if (fault != FAULTY_IO_LOST && fault != FAULTY_FULL) disk_link(d, e, disk_new_inode(d));
        if (fault == FAULTY_FULL) return SQLITE_FULL;
        if (fault != FAULTY_NONE) return SQLITE_CANTOPEN;
        h->sync_names = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
    }
    h->node = e->cached;
    return SQLITE_OK;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    handle *h = (handle *)file;
    disk *d = vfs->pAppData;
    memset(h, 0, sizeof *h);
    h->disk = d;
    int result = SQLITE_OK;
    pthread_mutex_lock(&d->mutex);
    h->generation = d->generation;
    if (name) {
        result = open_named(d, h, name, flags);
    } else {
        h->anonymous = 1;
        h->node = calloc(1, sizeof *h->node);
        if (!h->node) result = SQLITE_NOMEM;
    }
    if (result == SQLITE_OK) d->handles++;
    pthread_mutex_unlock(&d->mutex);
    if (result == SQLITE_OK) h->base.pMethods = &methods;
    if (out_flags) *out_flags = flags;
    return result;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    disk *d = vfs->pAppData;
    pthread_mutex_lock(&d->mutex);
    int result = SQLITE_IOERR_DELETE;
    if (!d->dead) {
        enum faulty_kind fault = next_fault(d);
        entry *e = disk_entry(d, name, 0);
        if (!e || !e->cached) {
            result = SQLITE_IOERR_DELETE_NOENT;
        } else if (fault != FAULTY_IO_LOST && fault != FAULTY_FULL) {
            disk_link(d, e, NULL);
            if (sync && !d->ignore_sync && !d->dead) disk_sync_names(d);
            if (fault == FAULTY_NONE) result = SQLITE_OK;
        }
    }
    pthread_mutex_unlock(&d->mutex);
    return result;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    disk *d = vfs->pAppData;
    pthread_mutex_lock(&d->mutex);
    entry *e = disk_entry(d, name, 0);
    // As the unix VFS does, an empty file does not count as existing.
    *result = e && e->cached && (flags != SQLITE_ACCESS_EXISTS || e->cached->cached.size > 0);
    int dead = d->dead;
    pthread_mutex_unlock(&d->mutex);
    return dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int length, char *path) {
    (void)vfs;
    sqlite3_snprintf(length, path, "%s", name);
    return SQLITE_OK;
}

void vfs_register(disk *d) {
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    d->vfs = *real;  // clock, sleep and randomness stay the real ones
    d->vfs.iVersion = 1;
    d->vfs.pNext = NULL;
    d->vfs.szOsFile = sizeof(handle);
    d->vfs.mxPathname = NAME_BYTES;
    d->vfs.zName = d->vfs_name;
    d->vfs.pAppData = d;
    d->vfs.xOpen = vfs_open;
    d->vfs.xDelete = vfs_delete;
    d->vfs.xAccess = vfs_access;
    d->vfs.xFullPathname = vfs_full_path;
    sqlite3_vfs_register(&d->vfs, 0);
}
