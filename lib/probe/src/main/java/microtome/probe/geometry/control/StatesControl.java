package microtome.probe.geometry.control;

import microtome.probe.data.prompt.PromptStates;

/** A control that changes states which are already there. */
public sealed interface StatesControl extends Control
        permits LabelPermutation, LayerShuffle, GaussianStates, PrincipalComponents, RandomProjection {
    /** The changed states; those given stay as they are. */
    PromptStates of(PromptStates states);
}
