export {
  ChainCheck,
  sealsFor,
  type Break,
  type ChainHead,
  type FoundSeal,
  type Hash,
  type KeptEntry,
  type Seal,
} from './chain.js';
