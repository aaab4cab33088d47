#!/bin/sh
# Draws the PNG icons from the same shapes as usher.svg, four times as large and then made small. Needs ImageMagick.
set -eu
cd "$(dirname "$0")"
convert=${CONVERT:-/usr/bin/convert}
for icon in 32x32:32 128x128:128 128x128@2x:256 icon:512; do
  size=${icon##*:}
  "$convert" -size 2048x2048 xc:none \
    -fill '#00a669' -draw 'roundrectangle 64,64 1984,1984 448,448' \
    -fill none -stroke white -strokewidth 240 \
    -draw 'stroke-linecap round stroke-linejoin round path "M 544,1048 L 888,1392 L 1520,688"' \
    -resize "${size}x${size}" -depth 8 -define png:exclude-chunks=date,time "PNG32:${icon%%:*}.png"
done
