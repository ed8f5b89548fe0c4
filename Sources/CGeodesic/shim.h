#include <geodesic.h>
#include <math.h>
