/** What the viewer of reports uses of uPlot, which is a global of the page. */
declare const uPlot: {
  new (options: UPlotOptions, data: UPlotData, target: HTMLElement): UPlotChart;
  /** Tables of times and values as one; a place that a table does not have is undefined in it. */
  join(tables: UPlotData[]): UPlotData;
};

/** Times, then the values of each line. */
type UPlotData = (number | null | undefined)[][];

interface UPlotChart {
  readonly width: number;
  setSize(size: { width: number; height: number }): void;
  setScale(key: string, limits: { min: number; max: number }): void;
  redraw(rebuildPaths?: boolean): void;
}

interface UPlotSeries {
  stroke?: () => string;
  width?: number;
  dash?: number[];
  spanGaps?: boolean;
  points?: { size: number; fill: () => string; filter: UPlotPointFilter };
}

/** Which values get a point; null: those that uPlot would give one. */
type UPlotPointFilter = (
  chart: { data: UPlotData },
  series: number,
  isRoomy: boolean,
) => number[] | null;

interface UPlotOptions {
  width: number;
  height: number;
  padding: number[];
  cursor: { show: boolean };
  legend: { show: boolean };
  select: { show: boolean };
  axes: { show: boolean }[];
  scales: Record<string, { time?: boolean; auto?: boolean; range?: [number, number]; min?: number; max?: number }>;
  series: UPlotSeries[];
}
