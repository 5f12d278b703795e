export {
  afterReviewAction,
  REVIEW_ACTIONS,
  REVIEW_STATUSES,
  submittedReview,
  type ReviewAction,
  type ReviewStatus,
  type SavedTopology,
  type TopologyReview,
} from './saved-topology.js';
