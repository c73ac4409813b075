"""What is wrong with the layout of a figure, as matplotlib measures it: texts on texts, off the sheet, too small."""

from __future__ import annotations

from itertools import combinations

from analytics.survival.figures.style import Picture, canvas

LEAST_POINTS = 7.0

# For a browser: the same of every SVG figure on a page.
OVERLAPS = """() => Array.from(document.querySelectorAll('figure svg')).flatMap(svg => {
  const boxes = Array.from(svg.querySelectorAll('text')).map(t => [t.textContent.trim(), t.getBoundingClientRect()]);
  const edge = svg.getBoundingClientRect(), found = [];
  boxes.forEach(([a, p], i) => {
    if (p.left < edge.left - 1 || p.right > edge.right + 1) found.push(a + ' leaves the figure');
    boxes.slice(i + 1).forEach(([b, q]) => {
      const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (x > 1 && y > .35 * Math.min(p.height, q.height)) found.push(a + ' on ' + b);
    });
  });
  return found;
})"""


def layout_faults(picture: Picture) -> list[str]:
    """One sentence a fault; an empty list for a figure whose every word can be read."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    with canvas(picture.name):
        agg = FigureCanvasAgg(picture.figure)
        agg.draw()
        renderer = agg.get_renderer()
        hidden = unseen(picture)
        texts = [
            text
            for text in picture.figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and id(text) not in hidden
        ]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    width, height = picture.figure.bbox.width, picture.figure.bbox.height
    faults = [
        f"{text!r} leaves the sheet"
        for text, box in boxes
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
    faults += [f"{text.get_text()!r} is small" for text in texts if text.get_fontsize() < LEAST_POINTS]
    for (first, a), (second, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > 1 and down > 0.2 * min(a.height, b.height):
            faults.append(f"{first!r} on {second!r}")
    return faults


def unseen(picture: Picture) -> set[int]:
    """Ids of the tick labels that matplotlib keeps and never draws: outside the limits, or of axes switched off."""
    return {
        id(label)
        for axes in picture.figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in [*axis.majorTicks, *axis.minorTicks]
        for low, high in [sorted(axis.get_view_interval())]
        for label in (tick.label1, tick.label2)
        if not (axes.axison and low <= tick.get_loc() <= high)
    }
