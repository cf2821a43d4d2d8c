// The mean course of temperature over a day, from the sun alone.
//
// (34) c = hour of the local clock, n = day of the year from 1, B = 2 pi (n-81)/364
//      EoT = 9.87 sin 2B - 7.53 cos B - 1.5 sin B                      minutes
//      hs  = c + (longitude - meridian)/15 + EoT/60                    solar time; meridian = 15 x UTC offset
//      dec = 23.45 deg sin(2 pi (284+n)/365)
//      hr  = 12 - acos(-tan lat tan dec)/15 deg + dr                   when it is coldest; the cosine clamped
//      y = (hs-hr) mod 24, u = hx-hr
//      S = -cos(pi (y/u)^q1) while y < u, else cos(pi ((y-u)/(24-u))^q2);  less the day's mean, halved
//      hx = 15.2 h, dr = 0.5 h, q1 = 0.6, q2 = 0.54: fitted to the mean courses of five Chinese cities (rms 0.05)
#pragma once
#include <vector>

namespace hinterland {

// S for each of the 8,760 hours; about 1 from the coldest to the warmest hour.
std::vector<double> day_shape(double latitude_deg, double longitude_deg, double utc_offset_h);

}  // namespace hinterland
