// What a drawing looks like once a browser has painted it, as plain data for tests/legible.py.
// All lengths are pixels at 100 %, from the drawing's upper left corner; a rectangle is [left, top, right, bottom].
(source) => {
  document.body.replaceChildren(new DOMParser().parseFromString(source, "image/svg+xml").documentElement);
  const svg = document.body.firstChild;
  const canvas = document.createElement("canvas").getContext("2d");
  const SHAPES = "rect, circle, ellipse, line, path, polygon, polyline";
  const all = (selector, root = svg) => [...root.querySelectorAll(selector)];
  const on = (point, element) => new DOMPoint(point.x, point.y).matrixTransform(element.getCTM());
  const back = (point, element) => new DOMPoint(point.x, point.y).matrixTransform(element.getCTM().inverse());

  function rectangle({ x, y, width, height }, element, edge = 0) {
    const corners = [on({ x: x - edge, y: y - edge }, element), on({ x: x + width + edge, y: y + height + edge }, element)];
    return [Math.min, Math.max].flatMap((most) => [most(...corners.map((p) => p.x)), most(...corners.map((p) => p.y))]);
  }

  function painted(shape) { // with its outline
    const { stroke, strokeWidth } = getComputedStyle(shape);
    return rectangle(shape.getBBox(), shape, stroke === "none" ? 0 : parseFloat(strokeWidth) / 2);
  }

  // ---- text ------------------------------------------------------------------------------------

  const pieces = all("text, tspan").filter((piece) => !piece.children.length && piece.textContent.trim());

  function inked(piece) { // as wide as the browser sets it, as high as its ink: letters are lower than their line
    const style = getComputedStyle(piece);
    canvas.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = canvas.measureText(piece.textContent);
    const { x, width } = piece.getBBox();
    const base = piece.getStartPositionOfChar(0).y;
    return rectangle({ x, y: base - above, width, height: above + below }, piece);
  }

  const rgba = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, ground) => [0, 1, 2].map((i) => top[3] * top[i] + (1 - top[3]) * ground[i]);

  function colour(element, point) { // what the element itself paints there
    const style = getComputedStyle(element);
    let opacity = 1;
    for (let e = element; e !== svg.parentNode; e = e.parentNode) opacity *= getComputedStyle(e).opacity;
    const line = style.stroke !== "none" && element.isPointInStroke?.(back(point, element));
    const [paint, alpha] = line ? [style.stroke, style.strokeOpacity] : [style.fill, style.fillOpacity];
    const [r, g, b, a] = rgba(paint);
    return [r, g, b, a * alpha * opacity];
  }

  function grounds(piece, [left, top, right, bottom]) { // the colours behind the text, and whether something hides it
    const found = {};
    let hidden = false;
    for (const across of [0.02, 0.35, 0.65, 0.98]) {
      for (const down of [0.1, 0.9]) {
        const point = { x: left + across * (right - left), y: top + down * (bottom - top) };
        const shapes = document.elementsFromPoint(point.x, point.y).filter((e) => e.matches(SHAPES) && svg.contains(e));
        const before = (shape) => piece.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING;
        hidden ||= shapes.some((shape) => !before(shape) && colour(shape, point)[3] > 0.1);
        const ground = shapes.filter(before).reverse().reduce((ground, shape) => over(colour(shape, point), ground), [127, 127, 127]);
        found[ground] = [over(colour(piece, point), ground), ground];
      }
    }
    return { colours: Object.values(found), hidden };
  }

  // ---- nodes, edges and labels -----------------------------------------------------------------

  const owner = (element) => element.closest("[data-label], [data-node]");
  const within = (group) => all("[data-node], [data-label]", group).map((inner) => owners.indexOf(inner));
  const owners = all("[data-node], [data-label]");
  const own = (group, selector) => all(selector, group).filter((element) => owner(element) === group);

  function fits(piece, shape) { // whether the ink lies in the shape, a pixel of its antialiasing aside
    const [left, top, right, bottom] = inked(piece);
    const corners = [left + 1, right - 1].flatMap((x) => [top + 1, bottom - 1].map((y) => ({ x, y })));
    return corners.every((corner) => shape.isPointInFill(back(corner, shape)));
  }

  function measured(group) {
    const shapes = own(group, SHAPES), texts = own(group, "text, tspan").filter((text) => pieces.includes(text));
    const rectangles = group.dataset.node === undefined ? [...shapes.map(painted), ...texts.map(inked)] : [painted(shapes[0])];
    return {
      kind: group.dataset.node === undefined ? "label" : "node",
      name: group.dataset.node ?? group.dataset.label,
      rectangle: [0, 1, 2, 3].map((i) => Math[i < 2 ? "min" : "max"](...rectangles.map((r) => r[i]))),
      within: within(group),
      overflowing: shapes.length ? texts.filter((text) => !fits(text, shapes[0])).map((text) => text.textContent) : [],
    };
  }

  function points(line) {
    const length = line.getTotalLength(), count = Math.max(1, Math.ceil(length / 2));
    return [...Array(count + 1).keys()].map((i) => on(line.getPointAtLength((i * length) / count), line)).map(({ x, y }) => [x, y]);
  }

  const visible = all(SHAPES).filter((shape) => ["fill", "stroke"].some((paint) => getComputedStyle(shape)[paint] !== "none"));
  return {
    size: [svg.width.baseVal.value, svg.height.baseVal.value],
    scale: svg.getCTM().a,
    marks: [
      ...visible.map((shape) => [shape.closest("g")?.outerHTML.slice(0, 80) ?? shape.outerHTML.slice(0, 80), painted(shape)]),
      ...pieces.map((piece) => [piece.textContent, inked(piece)]),
    ],
    texts: pieces.map((piece) => ({
      text: piece.textContent,
      size: parseFloat(getComputedStyle(piece).fontSize) * piece.getCTM().a,
      loose: !owner(piece),
      rectangle: inked(piece),
      ...grounds(piece, inked(piece)),
    })),
    owners: owners.map(measured),
    edges: all("[data-edge]").map((edge) => ({
      name: edge.dataset.edge,
      lines: all(SHAPES, edge).map(points),
      labels: all("[data-label]", edge).map((label) => owners.indexOf(label)),
    })),
  };
}
