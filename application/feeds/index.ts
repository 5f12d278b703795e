export { KeepTokens } from './keep-tokens.js';
export type * from './ports.js';
export { ReadFeeds, type Feed } from './read-feeds.js';
