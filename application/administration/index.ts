export { CareForDevices } from './care-for-devices.js';
export {
  OverseeBookings,
  type BookingDossier,
  type BookingQuestion,
  type ContendingUse,
  type OversightTerms,
  type ShownBooking,
} from './oversee-bookings.js';
export { OverseeDevices, type DeviceQuestion } from './oversee-devices.js';
export { BOOKING_ORDERS, SHORTEST_GROUP } from './ports.js';
export type * from './ports.js';
export { ReportHealth, type HealthReport, type HealthReportWork } from './report-health.js';
export { SEARCH_SCOPES, SearchLab, type Found, type SearchResult, type SearchScope } from './search-lab.js';
export { ViewDashboard, type Dashboard } from './view-dashboard.js';
