// Preloaded under a node: its time of day runs ahead by the nanoseconds in a file, and its other clocks do not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *path = getenv("PARLEY_CLOCK_AHEAD");
    int file = path ? open(path, O_RDONLY) : -1;
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) ahead = mapped;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (result != 0 || !ahead || clock != CLOCK_REALTIME) return result;
    int64_t moved = time->tv_nsec + *ahead % 1000000000;
    time->tv_sec += *ahead / 1000000000 + (moved >= 1000000000) - (moved < 0);
    time->tv_nsec = moved + (moved < 0 ? 1000000000 : 0) - (moved >= 1000000000 ? 1000000000 : 0);
    return 0;
}
