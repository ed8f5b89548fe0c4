#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISKS 256

static disk *disks[DISKS];
static pthread_mutex_t disks_mutex = PTHREAD_MUTEX_INITIALIZER;

disk *disk_at(int number) {
    pthread_mutex_lock(&disks_mutex);
    disk *d = number >= 0 && number < DISKS ? disks[number] : NULL;
    pthread_mutex_unlock(&disks_mutex);
    if (!d) abort();
    return d;
}

// SplitMix64.
uint64_t mix(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void image_reserve(image *i, int64_t size) {
    if (size <= i->capacity) return;
    int64_t capacity = size * 2 < 8192 ? 8192 : size * 2;
    i->bytes = realloc(i->bytes, (size_t)capacity);
    if (!i->bytes) abort();
    i->capacity = capacity;
}

// A file grows by a hole of zeros.
static void image_resize(image *i, int64_t size) {
    image_reserve(i, size);
    if (size > i->size) memset(i->bytes + i->size, 0, (size_t)(size - i->size));
    i->size = size;
}

static void image_write(image *i, const unsigned char *bytes, int64_t offset, int64_t length) {
    if (offset + length > i->size) image_resize(i, offset + length);
    memcpy(i->bytes + offset, bytes, (size_t)length);
}

static void image_copy(image *to, const image *from) {
    image_reserve(to, from->size);
    if (from->size) memcpy(to->bytes, from->bytes, (size_t)from->size);
    to->size = from->size;
}

static void add_change(inode *node, const void *bytes, int64_t offset, int64_t length) {
    change *c = calloc(1, sizeof *c);
    if (!c) abort();
    c->offset = offset;
    c->length = length;
    if (bytes) {
        c->bytes = malloc(length ? (size_t)length : 1);
        if (!c->bytes) abort();
        memcpy(c->bytes, bytes, (size_t)length);
    }
    if (node->last) node->last->next = c; else node->first = c;
    node->last = c;
}

void inode_write(inode *node, const void *bytes, int64_t offset, int64_t length) {
    image_write(&node->cached, bytes, offset, length);
    add_change(node, bytes, offset, length);
}

void inode_truncate(inode *node, int64_t size) {
    image_resize(&node->cached, size);
    add_change(node, NULL, size, 0);
}

void inode_drop(inode *node) {
    while (node->first) {
        change *c = node->first;
        node->first = c->next;
        free(c->bytes);
        free(c);
    }
    node->last = NULL;
}

void inode_sync(inode *node) {
    for (change *c = node->first; c; c = c->next) {
        if (c->bytes) image_write(&node->durable, c->bytes, c->offset, c->length);
        else image_resize(&node->durable, c->offset);
    }
    inode_drop(node);
}

// How much of the unsynced a power cut keeps: nothing, everything, or a toss for each.
enum survival { NOTHING, EVERYTHING, SOME };

static void tear(inode *node, const change *c, uint64_t *random) {
    int64_t end = c->offset + c->length;
    for (int64_t at = c->offset; at < end;) {
        int64_t next = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
        if (next > end) next = end;
        if (mix(random) & 1) image_write(&node->durable, c->bytes + (at - c->offset), at, next - at);
        at = next;
    }
}

static void inode_crash(inode *node, enum survival survival, uint64_t *random) {
    for (change *c = node->first; c && survival != NOTHING; c = c->next) {
        uint64_t toss = survival == EVERYTHING ? 1 : mix(random) % 3;
        if (toss == 0) continue;
        if (!c->bytes) image_resize(&node->durable, c->offset);
        else if (toss == 1) image_write(&node->durable, c->bytes, c->offset, c->length);
        else tear(node, c, random);
    }
    // The file system may have noted the new size and not the data: the tail reads as zeros.
    if (survival == SOME && node->cached.size > node->durable.size && (mix(random) & 1))
        image_resize(&node->durable, node->cached.size);
    inode_drop(node);
    image_copy(&node->cached, &node->durable);
    node->shared = 0;
    node->writer = NULL;
    node->writer_level = 0;
}

inode *disk_new_inode(disk *d) {
    inode *node = calloc(1, sizeof *node);
    if (!node) abort();
    node->next = d->inodes;
    d->inodes = node;
    return node;
}

entry *disk_entry(disk *d, const char *name, int create) {
    for (entry *e = d->entries; e; e = e->next)
        if (!strcmp(e->name, name)) return e;
    if (!create || strlen(name) >= NAME_BYTES) return NULL;
    entry *e = calloc(1, sizeof *e);
    if (!e) abort();
    strcpy(e->name, name);
    e->next = d->entries;
    d->entries = e;
    return e;
}

void disk_link(disk *d, entry *e, inode *node) {
    name_change *c = calloc(1, sizeof *c);
    if (!c) abort();
    c->entry = e;
    c->to = node;
    e->cached = node;
    if (d->last) d->last->next = c; else d->first = c;
    d->last = c;
}

static void settle_names(disk *d, enum survival survival, uint64_t *random) {
    while (d->first) {
        name_change *c = d->first;
        d->first = c->next;
        if (survival == EVERYTHING || (survival == SOME && (mix(random) & 1))) c->entry->durable = c->to;
        free(c);
    }
    d->last = NULL;
}

void disk_sync_names(disk *d) { settle_names(d, EVERYTHING, NULL); }

uint64_t disk_used(disk *d) {
    uint64_t used = 0;
    for (entry *e = d->entries; e; e = e->next)
        if (e->cached) used += (uint64_t)e->cached->cached.size;
    return used;
}

void faulty_disk_crash(int number, uint64_t seed) {
    disk *d = disk_at(number);
    pthread_mutex_lock(&d->mutex);
    uint64_t random = seed, toss = mix(&random) % 8;
    enum survival survival = toss < 2 ? NOTHING : toss == 2 ? EVERYTHING : SOME;
    settle_names(d, survival, &random);
    for (entry *e = d->entries; e; e = e->next) e->cached = e->durable;
    for (inode *node = d->inodes; node; node = node->next) inode_crash(node, survival, &random);
    d->generation++;
    d->dead = 0;
    d->plan = FAULTY_NONE;
    pthread_mutex_unlock(&d->mutex);
}

int faulty_disk_create(void) {
    disk *d = calloc(1, sizeof *d);
    if (!d) abort();
    pthread_mutex_init(&d->mutex, NULL);
    pthread_mutex_lock(&disks_mutex);
    int number = 0;
    while (number < DISKS && disks[number]) number++;
    if (number < DISKS) disks[number] = d;
    pthread_mutex_unlock(&disks_mutex);
    if (number == DISKS) {
        free(d);
        return -1;
    }
    snprintf(d->vfs_name, sizeof d->vfs_name, "faulty-%d", number);
    vfs_register(d);
    return number;
}

void faulty_disk_destroy(int number) {
    disk *d = disk_at(number);
    sqlite3_vfs_unregister(&d->vfs);
    pthread_mutex_lock(&disks_mutex);
    disks[number] = NULL;
    pthread_mutex_unlock(&disks_mutex);
    pthread_mutex_lock(&d->mutex);
    d->destroyed = 1;
    int unused = d->handles == 0;
    pthread_mutex_unlock(&d->mutex);
    if (unused) disk_free(d);
}

void disk_free(disk *d) {
    settle_names(d, NOTHING, NULL);
    while (d->entries) {
        entry *e = d->entries;
        d->entries = e->next;
        free(e);
    }
    while (d->inodes) {
        inode *node = d->inodes;
        d->inodes = node->next;
        inode_drop(node);
        free(node->cached.bytes);
        free(node->durable.bytes);
        free(node);
    }
    pthread_mutex_destroy(&d->mutex);
    free(d);
}
