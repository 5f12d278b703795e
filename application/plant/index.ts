export { ImportLinks, type LinkChange, type LinkImportReport } from './import-links.js';
export { KeepLinks } from './keep-links.js';
export { LINK_COLUMNS, LONGEST_FIBRE_KM, MOST_LOSS_DB, type LinkColumn } from './link-row.js';
export type * from './ports.js';
export { readLab, type LabQuestion } from './read-lab.js';
export { ViewPlant, type LinkFilter, type LinkView, type TraceView } from './view-plant.js';
