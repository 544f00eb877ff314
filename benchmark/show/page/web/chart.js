// Line charts with bands, a shaded part and a cross that follows the pointer or the arrow keys.
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const found = [];
  for (let place = Math.ceil(low / step); place * step <= high + step * 1e-9; place += 1) found.push(place * step);
  return found;
}

const short = (value) => (Math.abs(value) >= 1e5 || (value && Math.abs(value) < 1e-3)
  ? value.toExponential(1).replace("+", "").replace(".0e", "e") : String(Number(value.toPrecision(6))));

function path(xs, ys, x, y) {
  return xs.map((value, place) => `${place ? "L" : "M"}${x(value).toFixed(1)} ${y(ys[place]).toFixed(1)}`).join("");
}

// chart: xs, window [low, high], shade [from, to], lines [{model, median, low, high}], dashed {name, ys}, xTicks, yTicks,
// logarithmic, label, hover(place).
function drawChart(host, chart) {
  const width = Math.max(host.clientWidth, 260), height = Math.round(Math.min(340, Math.max(230, width * 0.62)));
  const [left, right, top, bottom] = [52, 22, 8, 34];
  const [from, to] = chart.range, [low, high] = chart.window;
  const scale = chart.logarithmic ? Math.log10 : (value) => value;
  const beyond = 20 * (height - top - bottom);
  const x = (value) => left + ((value - from) / (to - from)) * (width - left - right);
  const y = (value) => {
    const place = height - bottom - ((scale(value) - scale(low)) / (scale(high) - scale(low))) * (height - top - bottom);
    return Math.min(Math.max(place, -beyond), beyond);
  };
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", tabindex: 0, "aria-label": chart.label });
  const clip = shape("clipPath", { id: `${host.id}-window` });
  clip.append(shape("rect", { x: left, y: top, width: width - left - right, height: height - top - bottom }));
  svg.append(clip);
  const inner = shape("g", { "clip-path": `url(#${host.id}-window)` });
  const shadeFrom = Math.max(x(chart.shade[0]), left), shadeTo = Math.min(x(chart.shade[1]), width - right);
  inner.append(shape("rect", { class: "shade", x: shadeFrom, width: Math.max(shadeTo - shadeFrom, 0), y: top, height: height - top - bottom }));
  for (const line of chart.lines) {
    const back = [...chart.xs.keys()].reverse();
    const band = path(chart.xs, line.high, x, y) + path(back.map((i) => chart.xs[i]), back.map((i) => line.low[i]), x, y).replace("M", "L");
    inner.append(shape("path", { class: `band ${colour(line.model)}`, d: `${band}Z` }));
  }
  for (const line of chart.lines) {
    const drawn = shape("path", { class: `line ${colour(line.model)}`, d: path(chart.xs, line.median, x, y), "stroke-dasharray": dash(line.model), "data-model": line.model });
    inner.append(drawn);
  }
  // Over the models' lines: under one that follows it it could not be seen.
  if (chart.dashed) inner.append(shape("path", { class: chart.dashed.kind, d: path(chart.xs, chart.dashed.ys, x, y) }));
  svg.append(inner);
  svg.append(shape("path", { class: "axis", fill: "none", d: `M${left} ${top}V${height - bottom}H${width - right}` }));
  for (const tick of chart.yTicks) {
    svg.append(shape("line", { class: "axis", x1: left - 4, x2: left, y1: y(tick), y2: y(tick) }));
    svg.append(shape("text", { x: left - 7, y: y(tick) + 4, "text-anchor": "end" }, short(tick)));
  }
  for (const [place, name] of chart.xTicks) {
    svg.append(shape("line", { class: "axis", x1: x(place), x2: x(place), y1: height - bottom, y2: height - bottom + 4 }));
    svg.append(shape("text", { x: x(place), y: height - bottom + 15, "text-anchor": "middle" }, name));
  }
  svg.append(shape("text", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }, chart.xLabel));
  const cross = shape("g", {});
  svg.append(cross);
  let at = -1;
  const point = (place) => {
    at = Math.min(Math.max(place, 0), chart.xs.length - 1);
    const across = x(chart.xs[at]);
    const dots = chart.lines.filter((line) => y(line.median[at]) >= top && y(line.median[at]) <= height - bottom).map((line) =>
      shape("circle", { class: `dot ${colour(line.model)}`, cx: across, cy: y(line.median[at]), r: 3.2 }));
    cross.replaceChildren(shape("line", { class: "cross", x1: across, x2: across, y1: top, y2: height - bottom }), ...dots);
    chart.hover(at);
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const wanted = from + (((event.clientX - box.left) * (width / box.width) - left) / (width - left - right)) * (to - from);
    const nearest = chart.xs.reduce((best, value, place) => (Math.abs(value - wanted) < Math.abs(chart.xs[best] - wanted) ? place : best), 0);
    point(nearest);
  });
  svg.addEventListener("pointerleave", () => cross.replaceChildren());
  svg.addEventListener("keydown", (event) => {
    const jumps = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: chart.xs.length - 1 };
    if (event.key in jumps) {
      event.preventDefault();
      point(jumps[event.key]);
    }
  });
  host.replaceChildren(svg);
}
