#!/usr/bin/env python3
"""Draws examples/cat.png, the sample image; needs only Python's standard library.

Usage: examples/draw_sample_image.py [FILE]

Shapes are painted one over the other. Each is a function that is negative inside and whose value
is about the distance to the edge in pixels, which gives smooth edges for free.
"""

import math
import struct
import sys
import zlib
from pathlib import Path

WIDTH, HEIGHT = 640, 480

WALL = (214, 226, 222)
RUG = (176, 110, 92)
RUG_EDGE = (150, 88, 74)
FUR = (226, 148, 66)
STRIPE = (186, 104, 38)
CREAM = (250, 232, 204)
PINK = (234, 150, 150)
EYE = (150, 190, 80)
DARK = (44, 34, 30)
WHITE = (255, 255, 255)


def ellipse(x0, y0, a, b, tilt=0.0):
    """Centre, half axes, clockwise tilt in degrees."""
    c, s = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))

    def distance(x, y):
        u, v = c * (x - x0) + s * (y - y0), c * (y - y0) - s * (x - x0)
        return (math.hypot(u / a, v / b) - 1) * min(a, b)

    return distance, (x0 - max(a, b), y0 - max(a, b), x0 + max(a, b), y0 + max(a, b))


def polygon(*corners):
    """Convex, corners clockwise on the screen."""
    edges = list(zip(corners, corners[1:] + corners[:1]))

    def distance(x, y):
        return max(
            ((y1 - y0) * (x - x0) - (x1 - x0) * (y - y0)) / math.hypot(x1 - x0, y1 - y0)
            for (x0, y0), (x1, y1) in edges
        )

    xs, ys = zip(*corners)
    return distance, (min(xs), min(ys), max(xs), max(ys))


def stroke(points, width):
    """A round line along a quadratic Bezier curve of three points."""
    (x0, y0), (x1, y1), (x2, y2) = points
    steps = 24
    curve = []
    for i in range(steps + 1):
        t = i / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        curve.append((a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2))

    def distance(x, y):
        nearest = min(to_segment(x, y, p, q) for p, q in zip(curve, curve[1:]))
        return nearest - width / 2

    xs, ys = zip(*curve)
    return distance, (min(xs) - width, min(ys) - width, max(xs) + width, max(ys) + width)


def to_segment(x, y, p, q):
    dx, dy = q[0] - p[0], q[1] - p[1]
    t = max(0.0, min(1.0, ((x - p[0]) * dx + (y - p[1]) * dy) / (dx * dx + dy * dy or 1)))
    return math.hypot(x - p[0] - t * dx, y - p[1] - t * dy)


def mirrored(shape):
    """The same on the other side of the cat's axis."""
    distance, (left, top, right, bottom) = shape
    return lambda x, y: distance(WIDTH - x, y), (WIDTH - right, top, WIDTH - left, bottom)


def paint(picture, shape, colour):
    distance, (left, top, right, bottom) = shape
    for y in range(max(0, int(top) - 2), min(HEIGHT, int(bottom) + 3)):
        for x in range(max(0, int(left) - 2), min(WIDTH, int(right) + 3)):
            cover = min(1.0, max(0.0, 0.5 - distance(x, y)))
            if cover > 0:
                old = picture[y][x]
                picture[y][x] = tuple(o + (n - o) * cover for o, n in zip(old, colour))


def both(shape, colour):
    return [(shape, colour), (mirrored(shape), colour)]


def room():
    return [
        (ellipse(320, 446, 290, 62), RUG_EDGE),
        (ellipse(320, 444, 268, 52), RUG),
    ]


def body():
    return [
        (stroke([(410, 420), (560, 440), (530, 280)], 36), FUR),
        (stroke([(541, 340), (540, 310), (530, 280)], 37), STRIPE),
        (ellipse(320, 350, 112, 104), FUR),
        *both(ellipse(236, 400, 52, 44), FUR),
        (ellipse(320, 366, 62, 84), CREAM),
        *both(stroke([(212, 330), (232, 336), (250, 330)], 10), STRIPE),
        *both(stroke([(208, 358), (228, 364), (246, 358)], 10), STRIPE),
        *both(ellipse(282, 440, 36, 22), CREAM),
        *both(stroke([(272, 450), (271, 442), (272, 436)], 3), STRIPE),
        *both(stroke([(290, 450), (291, 442), (290, 436)], 3), STRIPE),
    ]


def head():
    return [
        *both(polygon((208, 52), (298, 112), (206, 190)), FUR),
        *both(polygon((220, 78), (274, 116), (220, 160)), PINK),
        (ellipse(320, 186, 132, 106), FUR),
        (stroke([(320, 86), (320, 104), (320, 124)], 13), STRIPE),
        *both(stroke([(292, 92), (296, 106), (300, 118)], 11), STRIPE),
        *both(stroke([(191, 176), (206, 182), (222, 182)], 10), STRIPE),
        *both(stroke([(192, 206), (208, 208), (224, 204)], 10), STRIPE),
        *both(ellipse(292, 236, 40, 32), CREAM),
        (ellipse(320, 258, 26, 18), CREAM),
    ]


def face():
    return [
        *both(ellipse(268, 178, 31, 27), DARK),
        *both(ellipse(268, 178, 27, 23), EYE),
        *both(ellipse(268, 178, 9, 21), DARK),
        (ellipse(276, 169, 6, 6), WHITE),
        (ellipse(380, 169, 6, 6), WHITE),
        (polygon((302, 212), (338, 212), (320, 230)), PINK),
        (stroke([(320, 229), (320, 236), (320, 240)], 4), DARK),
        *both(stroke([(320, 240), (306, 258), (290, 244)], 4), DARK),
        *both(stroke([(276, 234), (220, 222), (160, 226)], 2.5), DARK),
        *both(stroke([(276, 242), (216, 242), (154, 252)], 2.5), DARK),
        *both(stroke([(278, 250), (226, 264), (168, 280)], 2.5), DARK),
    ]


def draw():
    picture = [[WALL] * WIDTH for _ in range(HEIGHT)]
    for shape, colour in room() + body() + head() + face():
        paint(picture, shape, colour)
    return picture


def png(picture):
    """Eight bits a colour, no filter (PNG specification, sections 5 and 11)."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(
        b"\0" + bytes(round(value) for pixel in row for value in pixel) for row in picture
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "cat.png"
    target.write_bytes(png(draw()))
    print(target)


if __name__ == "__main__":
    main()
