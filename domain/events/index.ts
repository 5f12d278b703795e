export type {
  BookingEvent,
  DeviceEvent,
  DigestEvent,
  EventBooking,
  EventDevice,
  EventFibre,
  FibreEvent,
  LabEvent,
  MaintenanceEvent,
  PowerEvent,
} from './lab-event.js';
