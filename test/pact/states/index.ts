import { somebodyHasAFavourite, somebodyHasBooked, theBookingWasDecided } from './bookings.js';
import {
  aDeviceIsUnderMaintenance,
  aDeviceWasChanged,
  aDeviceWasHeardOf,
  theCataloguesHaveSpareEntries,
  thereIsADevice,
  twoDevicesAreWired,
} from './inventory.js';
import { somebodyWatches } from './live.js';
import { somebodyIsSignedIn, thereIsAnAccount } from './people.js';
import { anOutletWasSwitched, thereIsAPdu } from './power.js';
import type { ProviderState, StateValues } from './provider-state.js';
import type { Stage } from '../provider/stage.js';

/** Everything that a pact may take for granted. */
export const providerStates: readonly ProviderState[] = [
  somebodyIsSignedIn,
  thereIsAnAccount,
  thereIsADevice,
  twoDevicesAreWired,
  aDeviceIsUnderMaintenance,
  theCataloguesHaveSpareEntries,
  somebodyHasBooked,
  theBookingWasDecided,
  somebodyHasAFavourite,
  thereIsAPdu,
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
