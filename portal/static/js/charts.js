// <canvas data-chart="bar|line" data-points='{"labels":[…],"values":[…]}'>: drawn by Chart.js, each point with its number.
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const numbers = {
  id: "numbers",
  afterDatasetsDraw({ ctx, chartArea, config, data, ...chart }) {
    const across = config.options.indexAxis === "y";
    const every = across ? 1 : Math.ceil(data.labels.length / (chartArea.width / 26));
    ctx.save();
    ctx.fillStyle = colour("--ink");
    ctx.font = `12px ${style.fontFamily}`;
    ctx.textAlign = across ? "left" : "center";
    ctx.textBaseline = across ? "middle" : "bottom";
    chart._metasets[0].data.forEach(({ x, y }, place) => {
      if (place % every === 0) ctx.fillText(data.datasets[0].data[place], across ? x + 4 : x, across ? y : y - 4);
    });
    ctx.restore();
  },
};
for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
  const { labels, values } = JSON.parse(canvas.dataset.points);
  const across = canvas.dataset.chart === "bar";
  const scale = { grid: { color: colour("--line") }, ticks: { color: colour("--ink-soft"), precision: 0 } };
  const named = { ...scale, grid: { display: false } };
  new Chart(canvas, {
    type: canvas.dataset.chart,
    data: { labels, datasets: [{ data: values, backgroundColor: colour("--accent"), borderColor: colour("--accent"), borderWidth: 2, maxBarThickness: 22, pointRadius: 3 }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: across ? "y" : "x",
      layout: { padding: across ? { right: 28 } : { top: 20 } },
      plugins: { legend: { display: false } },
      scales: across ? { x: { ...scale, beginAtZero: true }, y: named } : { x: named, y: { ...scale, beginAtZero: true } },
    },
    plugins: [numbers],
  });
}
