/** What bench/polling.ts and its agents agree on. */
export const PDUS = 50;
export const OUTLETS = 24;
export const READ_COMMUNITY = 'bench-read';
export const WRITE_COMMUNITY = 'bench-write';
export const USER = 'bench';
export const KEY = 'bench-key-of-some-length';
