use super::dice::Dice;

/// A known bug, planted in the simulated parts to see that the judge finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// Sessions replace a line whatever its version is.
    CommitWithoutCompare,
    /// Sessions say that a commit was made which was not.
    LineNotKept,
    /// The store says that a commit was made which was not.
    StoreLosesCommits,
    /// The store lets a leased job be claimed.
    OutboxWithoutLease,
    /// The scheme mixes up two members.
    OtherMembersAnswer,
    /// A node answers only after its deadline.
    SlowNode,
}

impl Bug {
    pub(super) const ALL: [Self; 6] = [
        Self::CommitWithoutCompare,
        Self::LineNotKept,
        Self::StoreLosesCommits,
        Self::OutboxWithoutLease,
        Self::OtherMembersAnswer,
        Self::SlowNode,
    ];
}

/// What a seed's world is like. Rates are so many times in ten thousand.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) nodes: usize,
    pub(super) phones: usize,
    /// Whether nodes keep copies of the lines that they committed.
    pub(super) copies: bool,
    /// How many things each phone does.
    pub(super) acts: u64,
    pub(super) faults: Faults,
    pub(super) network: Network,
    pub(super) world: World,
    pub(super) bug: Option<Bug>,
}

/// What happens to nodes, at each place where they wait for something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    /// It takes up to a second.
    pub(super) slow: u32,
    /// It takes seconds.
    pub(super) hangs: u32,
    /// It fails before it is done.
    pub(super) fails: u32,
    /// It is done, and the answer is lost.
    pub(super) lost: u32,
    /// The node crashes.
    pub(super) crash: u32,
    /// A line is evicted, at a commit of another.
    pub(super) evicted: u32,
    /// A node's clock is set.
    pub(super) jump: u32,
}

/// What an aggregator does, at each request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Network {
    /// The request comes again at the same time.
    pub(super) twin: u32,
    /// It comes again some seconds later.
    pub(super) late: u32,
    /// The first of it is delayed.
    pub(super) delayed: u32,
    /// The answer does not reach the phone.
    pub(super) dropped: u32,
    /// Another input comes at the same time.
    pub(super) rival: u32,
    /// She hangs up.
    pub(super) hang_up: u32,
    /// A session's id is one that another phone has too.
    pub(super) same_id: u32,
}

/// How the scheme, the payment gateway and the SMS route are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct World {
    pub(super) slow: u32,
    pub(super) never: u32,
    pub(super) fails: u32,
    /// The gateway tells a number or a payment twice, or an answer is lost that was taken.
    pub(super) twice: u32,
}

impl Plan {
    /// The plan of a seed. Each kind of trouble is there in some seeds and not in others, so that
    /// none hides another.
    pub(super) fn draw(dice: &Dice) -> Self {
        let crowd = dice.happens(20);
        Self {
            nodes: 1 + dice.index(3),
            phones: if crowd {
                200 + dice.index(1800)
            } else {
                1 + dice.index(5)
            },
            copies: dice.happens(7500),
            acts: if crowd { 4 } else { 4 + dice.below(12) },
            faults: if crowd || dice.happens(2500) {
                Faults::default()
            } else {
                Faults::draw(dice)
            },
            network: Network::draw(dice),
            world: World::draw(dice),
            bug: None,
        }
    }

    /// Whether nothing ever fails: then nobody is turned away either.
    pub(super) fn is_calm(&self) -> bool {
        let Faults {
            slow,
            hangs,
            fails,
            lost,
            crash,
            evicted,
            jump,
        } = self.faults;
        slow + hangs + fails + lost + crash + evicted + jump == 0
    }
}

fn some(dice: &Dice, rates: &[u32]) -> u32 {
    if dice.happens(5000) {
        *dice.pick(rates)
    } else {
        0
    }
}

impl Faults {
    fn draw(dice: &Dice) -> Self {
        Self {
            slow: some(dice, &[100, 500, 2000]),
            hangs: some(dice, &[20, 100, 400]),
            fails: some(dice, &[30, 150, 600]),
            lost: some(dice, &[30, 150, 600]),
            crash: some(dice, &[5, 20, 80]),
            evicted: some(dice, &[50, 300]),
            jump: some(dice, &[10, 40]),
        }
    }
}

impl Network {
    fn draw(dice: &Dice) -> Self {
        Self {
            twin: some(dice, &[500, 3000, 9000]),
            late: some(dice, &[500, 3000]),
            delayed: some(dice, &[500, 2000]),
            dropped: some(dice, &[300, 1500]),
            rival: some(dice, &[300, 2000]),
            hang_up: some(dice, &[500, 2000]),
            same_id: some(dice, &[1000, 5000]),
        }
    }
}

impl World {
    fn draw(dice: &Dice) -> Self {
        Self {
            slow: some(dice, &[500, 3000, 8000]),
            never: some(dice, &[200, 2000]),
            fails: some(dice, &[200, 2000]),
            twice: some(dice, &[500, 5000]),
        }
    }
}
