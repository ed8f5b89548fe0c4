// What a test sets and reads.
#include <stddef.h>
#include <string.h>

#include "disk.h"

static uint64_t read_counter(int number, size_t field) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    uint64_t value;
    memcpy(&value, (char *)d + field, sizeof value);
    pthread_mutex_unlock(&d->mutex);
    return value;
}

uint64_t faulty_disk_operations(int number) { return read_counter(number, offsetof(disk, operations)); }
uint64_t faulty_disk_syncs(int number) { return read_counter(number, offsetof(disk, syncs)); }
uint64_t faulty_disk_reads(int number) { return read_counter(number, offsetof(disk, reads)); }
uint64_t faulty_disk_hits(int number) { return read_counter(number, offsetof(disk, hits)); }

void faulty_disk_plan(int number, uint64_t at, enum faulty_kind kind, int persists) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    d->plan = kind;
    d->plan_at = at;
    d->plan_persists = persists;
    pthread_mutex_unlock(&d->mutex);
}

void faulty_disk_limit(int number, uint64_t bytes) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    d->limit = bytes;
    pthread_mutex_unlock(&d->mutex);
}

void faulty_disk_ignore_sync(int number, int ignored) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    d->ignore_sync = ignored;
    pthread_mutex_unlock(&d->mutex);
}

int64_t faulty_disk_size(int number, const char *name) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    entry *e = disk_entry(d, name, 0);
    int64_t size = e && e->cached ? e->cached->cached.size : -1;
    pthread_mutex_unlock(&d->mutex);
    return size;
}

int64_t faulty_disk_copy(int number, const char *name, void *buffer, int64_t capacity) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    entry *e = disk_entry(d, name, 0);
    int64_t size = e && e->cached ? e->cached->cached.size : 0;
    if (size > capacity) size = capacity;
    if (size) memcpy(buffer, e->cached->cached.bytes, (size_t)size);
    pthread_mutex_unlock(&d->mutex);
    return size;
}

int faulty_disk_flip(int number, const char *name, int64_t offset, int bit) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    entry *e = disk_entry(d, name, 0);
    int done = 0;
    if (e && e->cached && offset >= 0 && offset < e->cached->cached.size) {
        e->cached->cached.bytes[offset] ^= (unsigned char)(1 << (bit & 7));
        if (offset < e->cached->durable.size) e->cached->durable.bytes[offset] ^= (unsigned char)(1 << (bit & 7));
        done = 1;
    }
    pthread_mutex_unlock(&d->mutex);
    return done;
}

void faulty_disk_flip_read(int number, uint64_t nth, uint64_t seed) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    d->flip_read_at = d->reads + nth;
    d->flip_seed = seed;
    pthread_mutex_unlock(&d->mutex);
}
