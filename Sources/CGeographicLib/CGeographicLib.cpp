#include "CGeographicLib.h"

#include <GeographicLib/GARS.hpp>
#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/MGRS.hpp>
#include <GeographicLib/PolygonArea.hpp>
#include <GeographicLib/UTMUPS.hpp>

#include <cstring>
#include <exception>
#include <new>
#include <string>

namespace {

void say(const char *what, char *message, size_t messageBytes) noexcept {
    if (message == nullptr || messageBytes == 0) return;
    std::strncpy(message, what, messageBytes - 1);
    message[messageBytes - 1] = '\0';
}

int32_t write(const std::string &from, char *text, size_t textBytes) noexcept {
    if (text == nullptr || from.size() >= textBytes) return PARLEY_GRID_NO_ROOM;
    std::memcpy(text, from.c_str(), from.size() + 1);
    return PARLEY_GRID_OK;
}

// The one place where exceptions become statuses.
template <typename Work>
int32_t guarded(char *message, size_t messageBytes, Work work) noexcept {
    say("", message, messageBytes);
    try {
        return work();
    } catch (const std::bad_alloc &) {
        say("out of memory", message, messageBytes);
        return PARLEY_GRID_NO_ROOM;
    } catch (const std::exception &error) {
        say(error.what(), message, messageBytes);
        return PARLEY_GRID_REFUSED;
    } catch (...) {
        say("unknown exception", message, messageBytes);
        return PARLEY_GRID_REFUSED;
    }
}

}  // namespace

extern "C" {

int32_t parley_mgrs_from_position(double latitudeDeg, double longitudeDeg, int32_t digitPairs,
                                  char *text, size_t textBytes, char *message, size_t messageBytes) {
    return guarded(message, messageBytes, [&]() -> int32_t {
        if (digitPairs < 1 || digitPairs > 5) {
            say("digit pairs are 1 ... 5", message, messageBytes);
            return PARLEY_GRID_REFUSED;
        }
        int zone = 0;
        bool isNorth = false;
        double easting = 0, northing = 0;
        GeographicLib::UTMUPS::Forward(latitudeDeg, longitudeDeg, zone, isNorth, easting, northing,
                                       GeographicLib::UTMUPS::STANDARD, true);
        if (zone == GeographicLib::UTMUPS::INVALID) {
            say("not a position", message, messageBytes);
            return PARLEY_GRID_REFUSED;
        }
        std::string result;
        GeographicLib::MGRS::Forward(zone, isNorth, easting, northing, latitudeDeg, digitPairs, result);
        return write(result, text, textBytes);
    });
}

int32_t parley_position_from_mgrs(const char *text, double *latitudeDeg, double *longitudeDeg,
                                  int32_t *digitPairs, double *scale,
                                  char *message, size_t messageBytes) {
    return guarded(message, messageBytes, [&]() -> int32_t {
        int zone = 0, precision = 0;
        bool isNorth = false;
        double easting = 0, northing = 0, convergence = 0;
        GeographicLib::MGRS::Reverse(text, zone, isNorth, easting, northing, precision, true);
        if (zone == GeographicLib::UTMUPS::INVALID) {
            say("not a grid reference", message, messageBytes);
            return PARLEY_GRID_REFUSED;
        }
        GeographicLib::UTMUPS::Reverse(zone, isNorth, easting, northing, *latitudeDeg, *longitudeDeg,
                                       convergence, *scale, true);
        *digitPairs = precision;
        return PARLEY_GRID_OK;
    });
}

int32_t parley_gars_from_position(double latitudeDeg, double longitudeDeg, int32_t precision,
                                  char *text, size_t textBytes, char *message, size_t messageBytes) {
    return guarded(message, messageBytes, [&]() -> int32_t {
        std::string result;
        GeographicLib::GARS::Forward(latitudeDeg, longitudeDeg, precision, result);
        return write(result, text, textBytes);
    });
}

int32_t parley_position_from_gars(const char *text, double *latitudeDeg, double *longitudeDeg,
                                  int32_t *precision, char *message, size_t messageBytes) {
    return guarded(message, messageBytes, [&]() -> int32_t {
        int found = 0;
        GeographicLib::GARS::Reverse(text, *latitudeDeg, *longitudeDeg, found, true);
        *precision = found;
        return PARLEY_GRID_OK;
    });
}

int32_t parley_ring_signed_area(const double *latitudesDeg, const double *longitudesDeg, size_t count,
                                double *areaM2, char *message, size_t messageBytes) {
    return guarded(message, messageBytes, [&]() -> int32_t {
        GeographicLib::PolygonArea ring(GeographicLib::Geodesic::WGS84());
        for (size_t i = 0; i < count; ++i) ring.AddPoint(latitudesDeg[i], longitudesDeg[i]);
        double perimeter = 0;
        ring.Compute(false, true, perimeter, *areaM2);
        return PARLEY_GRID_OK;
    });
}

}  // extern "C"
