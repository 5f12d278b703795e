export { LiveFeed, type LiveListener } from './live-feed.js';
