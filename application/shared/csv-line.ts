/** One record of comma separated text with its line end; no cell of it can run as a formula. */
export type CsvLine = (cells: readonly string[]) => string;
