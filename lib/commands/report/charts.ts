/**
 * The charts of a report's page, drawn as SVG without a browser.
 *
 * @module
 */

import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

type Option = ComposeOption<BarSeriesOption | LineSeriesOption>;

/** A chart in two widths, for a wide window and for a phone. */
export interface Chart {
  readonly wide: string;
  readonly narrow: string;
}

/** Values that belong together, one for each name. */
export interface Series {
  readonly title: string;
  /** `null` if it is held back. */
  readonly values: readonly (number | null)[];
}

/** Colours by what they are for. The page's style replaces them if it is dark. */
export const palette = {
  first: "#1f6f5c",
  second: "#d98e04",
  text: "#3b4248",
  line: "#d5dadf",
} as const;

const widths = { wide: 640, narrow: 330 } as const;
const barHeight = 24;
const axisHeight = 34;
const timeHeight = 220;
const longestName = { wide: 36, narrow: 24 } as const;

/** Bars beside each other's names, the first at the top. */
export function barChart(names: readonly string[], series: readonly Series[]): Chart {
  const height = names.length * barHeight + axisHeight + (series.length > 1 ? barHeight : 0);
  return inBothWidths(height, (size) => ({
    ...base(series),
    grid: { left: 4, right: 44, top: series.length > 1 ? 28 : 4, bottom: 4, ...insideLabels },
    xAxis: { type: "value", minInterval: 1, splitNumber: 3, ...axisStyle },
    yAxis: {
      type: "category",
      inverse: true,
      data: names.map((name) => shorten(name, longestName[size])),
      axisTick: { show: false },
      ...axisStyle,
    },
    series: series.map(({ title, values }, index) => ({
      type: "bar",
      name: title,
      data: [...values],
      stack: "one",
      barMaxWidth: 16,
      itemStyle: { color: colour(index) },
      label: series.length === 1
        ? { show: true, position: "right", color: palette.text, fontSize: 11 }
        : { show: false },
    })),
  }));
}

/** Lines over time. */
export function timeChart(steps: readonly string[], series: readonly Series[]): Chart {
  return inBothWidths(timeHeight, () => ({
    ...base(series),
    grid: { left: 4, right: 12, top: 30, bottom: 4, ...insideLabels },
    xAxis: {
      type: "category",
      data: [...steps],
      boundaryGap: false,
      axisTick: { show: false },
      ...axisStyle,
    },
    yAxis: { type: "value", minInterval: 1, splitNumber: 4, ...axisStyle },
    series: series.map(({ title, values }, index) => ({
      type: "line",
      name: title,
      data: [...values],
      symbol: "circle",
      symbolSize: steps.length > 60 ? 0 : 4,
      lineStyle: { width: 2, color: colour(index) },
      itemStyle: { color: colour(index) },
    })),
  }));
}

/** Leaves room for the axes' labels within the chart. */
const insideLabels = { outerBoundsMode: "same", outerBoundsContain: "axisLabel" } as const;

const axisStyle = {
  axisLine: { lineStyle: { color: palette.line } },
  axisLabel: { color: palette.text, fontSize: 11, hideOverlap: true },
  splitLine: { lineStyle: { color: palette.line } },
};

function base(series: readonly Series[]): Option {
  const legend = {
    show: series.length > 1,
    left: 0,
    top: 0,
    icon: "roundRect",
    textStyle: { color: palette.text },
  };
  return { animation: false, textStyle: { fontFamily: "sans-serif" }, legend };
}

function colour(index: number): string {
  return index === 0 ? palette.first : palette.second;
}

function shorten(name: string, length: number): string {
  const characters = [...name];
  return characters.length <= length ? name : `${characters.slice(0, length - 1).join("")}…`;
}

function inBothWidths(height: number, describe: (size: keyof typeof widths) => Option): Chart {
  const drawn = (size: keyof typeof widths) => draw(widths[size], height, describe(size));
  return { wide: drawn("wide"), narrow: drawn("narrow") };
}

function draw(width: number, height: number, option: Option): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    // Its timers would keep the program from ending.
    chart.dispose();
  }
}
