/* Draws every <div data-chart="ID"> from the JSON beside it, in the colours of the theme.
   In an option, "var(--x)" is a colour of the page and "@number", "@compact", "@percent" and
   "@money" are formatters in the reader's language; a data item with "url" leads there. */
(() => {
  "use strict";
  const root = document.documentElement;
  const language = root.lang.startsWith("en") ? "en-GB" : "zh-CN";
  const currency = root.dataset.currency || "CNY";
  const drawn = new Map();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const probe = document.createElement("span");
  probe.hidden = true;

  /* The canvas of charts knows neither oklch() nor light-dark(): one pixel is painted and read. */
  const colour = (value) => {
    probe.style.color = "";
    probe.style.color = value;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  };
  const numbers = (options) => {
    const format = new Intl.NumberFormat(language, options);
    return (value) => (value === null || value === undefined || value === "-" || Number.isNaN(value)
      ? "–" : format.format(value));
  };
  const FORMATTERS = {
    "@number": numbers({ maximumFractionDigits: 2 }),
    "@compact": numbers({ notation: "compact", maximumFractionDigits: 1 }),
    "@percent": numbers({ style: "percent", maximumFractionDigits: 1 }),
    "@money": numbers({
      style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: 0,
    }),
  };
  const resolved = (value) => {
    if (typeof value === "string") {
      if (value.startsWith("var(--")) return colour(value);
      return FORMATTERS[value] || value;
    }
    if (Array.isArray(value)) return value.map(resolved);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one)]));
    }
    return value;
  };
  const theme = () => {
    const text = colour("var(--tblr-body-color)");
    const quiet = colour("var(--text-quiet)");
    const line = colour("var(--tblr-border-color)");
    const axis = {
      axisLine: { lineStyle: { color: line } }, axisTick: { lineStyle: { color: line } },
      axisLabel: { color: quiet }, splitLine: { lineStyle: { color: line } },
      nameTextStyle: { color: quiet },
    };
    return {
      backgroundColor: "transparent",
      textStyle: { color: text, fontFamily: getComputedStyle(document.body).fontFamily },
      title: { textStyle: { color: text } },
      legend: { textStyle: { color: text }, inactiveColor: quiet, pageTextStyle: { color: quiet } },
      tooltip: {
        backgroundColor: colour("var(--tblr-bg-surface)"), borderColor: line,
        textStyle: { color: text },
      },
      color: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`var(--series-${number})`)),
      categoryAxis: axis, valueAxis: axis, timeAxis: axis, logAxis: axis,
      sankey: { label: { color: text } },
      line: { symbol: "circle" },
    };
  };
  const draw = (element) => {
    const source = document.getElementById(element.dataset.chart);
    if (!source) return;
    const known = drawn.get(element);
    if (known) known.dispose();
    const chart = echarts.init(element, theme(), { locale: language === "en-GB" ? "EN" : "ZH" });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const option = resolved(JSON.parse(source.textContent));
    chart.setOption({ aria: { enabled: true }, animation: !still, ...option });
    chart.on("click", (event) => {
      if (event.data && event.data.url) window.location.assign(event.data.url);
    });
    drawn.set(element, chart);
    element.dataset.drawn = "yes";
  };
  /* Only a real change of size redraws, and never within a drawing. */
  const fit = (element) => {
    const chart = drawn.get(element);
    const { clientWidth: width, clientHeight: height } = element;
    if (!chart || !width || (chart.getWidth() === width && chart.getHeight() === height)) return;
    chart.resize();
  };
  const sizes = new ResizeObserver((entries) => {
    requestAnimationFrame(() => entries.forEach((entry) => fit(entry.target)));
  });
  const drawAll = (within) => {
    for (const element of within.querySelectorAll("[data-chart]:not([data-drawn])")) {
      draw(element);
      sizes.observe(element);
    }
  };
  /* ECharts is large: only pages with a chart load it. */
  let loading = null;
  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.querySelector("meta[name=charts]").content;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };
  const scan = async (within = document) => {
    for (const [element, chart] of drawn) {
      if (!element.isConnected) {
        chart.dispose();
        drawn.delete(element);
        sizes.unobserve(element);
      }
    }
    if (!within.querySelector("[data-chart]:not([data-drawn])")) return;
    await load();
    drawAll(within);
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(probe);
    scan();
  });
  document.addEventListener("htmx:afterSettle", () => scan());
  document.addEventListener("shown.bs.tab", () => scan());
  document.addEventListener("tenure:theme", () => {
    for (const element of drawn.keys()) draw(element);
  });
})();
