#ifndef PARLEY_CGEOGRAPHICLIB_H
#define PARLEY_CGEOGRAPHICLIB_H

#include <stddef.h>
#include <stdint.h>

/* A C face for the few parts of GeographicLib that Parley uses. C++ exceptions never cross it: every
   function returns a status, and what the library said about a refusal stands in `message`.
   Angles are degrees on WGS 84; texts are NUL-terminated ASCII. */

#ifdef __cplusplus
extern "C" {
#endif

enum {
    PARLEY_GRID_OK = 0,
    /* The library refused the input; `message` says why. */
    PARLEY_GRID_REFUSED = 1,
    /* The text does not fit the buffer, or memory ran out. */
    PARLEY_GRID_NO_ROOM = 2
};

/* Bytes that hold any text these functions write, its NUL included. */
enum { PARLEY_GRID_TEXT_BYTES = 24, PARLEY_GRID_MESSAGE_BYTES = 160 };

/* The MGRS square of side 10^(5 - digitPairs) m that holds the position, in its standard zone: UTM with the
   exceptions of Norway and Svalbard from 80 S up to 84 N, UPS beyond. `digitPairs` 1 ... 5. */
int32_t parley_mgrs_from_position(double latitudeDeg, double longitudeDeg, int32_t digitPairs,
                                  char *text, size_t textBytes, char *message, size_t messageBytes);

/* The centre of an MGRS square. `scale` is grid metres per metre on the ellipsoid at the centre. */
int32_t parley_position_from_mgrs(const char *text, double *latitudeDeg, double *longitudeDeg,
                                  int32_t *digitPairs, double *scale,
                                  char *message, size_t messageBytes);

/* The GARS cell that holds the position. `precision` 0: 30', 1: 15', 2: 5'. */
int32_t parley_gars_from_position(double latitudeDeg, double longitudeDeg, int32_t precision,
                                  char *text, size_t textBytes, char *message, size_t messageBytes);

/* The centre of a GARS cell. */
int32_t parley_position_from_gars(const char *text, double *latitudeDeg, double *longitudeDeg,
                                  int32_t *precision, char *message, size_t messageBytes);

/* The area in square metres of the smaller side of a ring of geodesics, the first vertex not repeated:
   positive when the ring runs counter-clockwise around that side. */
int32_t parley_ring_signed_area(const double *latitudesDeg, const double *longitudesDeg, size_t count,
                                double *areaM2, char *message, size_t messageBytes);

#ifdef __cplusplus
}
#endif

#endif
