export { SharedJob } from './shared-job.js';
