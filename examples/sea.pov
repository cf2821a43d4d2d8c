// A few balls on water: 96 frames, clock from 0 to 1 (docs/render.md).
#version 3.7;
global_settings { assumed_gamma 1.0 }
camera { location vrotate(<0, 4, -9>, y * 90 * clock) look_at 0 right x * image_width / image_height }
light_source { <20, 30, -20> rgb 1 }
sky_sphere { pigment { gradient y color_map { [0 rgb 0.9] [1 rgb <0.2, 0.4, 0.8>] } } }
plane { y, -1 pigment { rgb <0.1, 0.3, 0.5> } finish { reflection 0.3 } }
#for (I, 1, 7)
  sphere { vrotate(<3, 0, 0>, y * 360 * I / 7), 0.8 pigment { rgb <I / 7, clock, 0.6> } finish { reflection 0.2 } }
#end
