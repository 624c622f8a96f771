package dev.pulse.schedules;

/** One instant. */
record OncePlan(long instant) implements Plan {
    @Override
    public long next(long from) {
        return instant >= from ? instant : NONE;
    }

    @Override
    public long previous(long until) {
        return instant <= until ? instant : NONE;
    }

    @Override
    public long count(long from, long until) {
        return from <= instant && instant <= until ? 1 : 0;
    }
}
