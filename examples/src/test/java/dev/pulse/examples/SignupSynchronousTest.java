package dev.pulse.examples;

import dev.pulse.testing.OnFailure;
import dev.pulse.testing.TestMode;
import dev.pulse.testing.WithPulse;

@WithPulse(mode = TestMode.SYNCHRONOUS, onFailure = OnFailure.RECORD)
class SignupSynchronousTest extends SignupTest {}
