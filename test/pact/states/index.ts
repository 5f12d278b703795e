import { somebodyHasAFavourite, somebodyHasBooked, theBookingIsOver, theBookingWasDecided } from './bookings.js';
import {
  aDeviceIsUnderMaintenance,
  aDeviceWasChanged,
  aDeviceWasHeardOf,
  theCataloguesHaveSpareEntries,
  thereIsADevice,
  thereIsADeviceSavedBlank,
  twoDevicesAreWired,
} from './inventory.js';
import { somebodyWatches } from './live.js';
import { somebodyIsSignedIn, thereIsAnAccount } from './people.js';
import { anOutletWasSwitched, aPduDoesNotAnswer, thereIsAPdu } from './power.js';
import type { ProviderState, StateValues } from './provider-state.js';
import { somebodyHasACalendarToken, somebodyHasANotification } from './telling.js';
import { somebodyHasSavedATopology } from './topologies.js';
import type { Stage } from '../provider/stage.js';

/** Everything that a pact may take for granted. */
export const providerStates: readonly ProviderState[] = [
  somebodyIsSignedIn,
  thereIsAnAccount,
  thereIsADevice,
  thereIsADeviceSavedBlank,
  twoDevicesAreWired,
  aDeviceIsUnderMaintenance,
  theCataloguesHaveSpareEntries,
  somebodyHasBooked,
  theBookingWasDecided,
  theBookingIsOver,
  somebodyHasAFavourite,
  somebodyHasSavedATopology,
  somebodyHasANotification,
  somebodyHasACalendarToken,
  thereIsAPdu,
  aPduDoesNotAnswer,
  somebodyWatches,
  aDeviceWasChanged,
  aDeviceWasHeardOf,
  anOutletWasSwitched,
];

/** @throws Error naming the known states when there is none of that name. */
export const prepareState = (stage: Stage, name: string, parameters: unknown): Promise<StateValues> => {
  const state = providerStates.find((known) => known.name === name);
  if (state) return state.prepare(stage, parameters);
  throw new Error(`unknown provider state '${name}'. Known: ${providerStates.map((known) => known.name).join('; ')}`);
};
