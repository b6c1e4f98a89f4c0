//! Timing: medians of several samples, taken in turns where two things are compared, so that whatever else the machine
//! does at some moment meets both.

use std::sync::Barrier;
use std::time::{Duration, Instant};

/// How long one sample of something short lasts at least: long beside what reading the clock takes, and short beside the
/// turns in which the system lets programs run, so that most samples are not interrupted.
const SAMPLE: Duration = Duration::from_millis(1);

/// How long this takes.
pub fn time<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    #[allow(clippy::disallowed_methods, reason = "a bench measures real time")]
    let now = Instant::now;
    let start = now();
    let out = run();
    (now() - start, out)
}

/// Several samples of one thing.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds one.
    pub fn push(&mut self, sample: f64) {
        self.0.push(sample);
    }

    /// Something that is the same each time.
    pub fn exactly(amount: f64) -> Self {
        Self(vec![amount])
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Half the distance between the quartiles, relative to the median: half of all samples are this close to it.
    pub fn spread(&self) -> f64 {
        (self.quantile(0.75) - self.quantile(0.25)) / 2.0 / self.median()
    }

    /// Each sample divided by the one that was taken beside it.
    pub fn over(&self, beside: &Self) -> Self {
        Self(self.0.iter().zip(&beside.0).map(|(a, b)| a / b).collect())
    }

    fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = part * sorted.len().saturating_sub(1) as f64;
        let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
        low + (high - low) * at.fract()
    }
}

/// So many samples of each, taken in turns.
pub fn sampled<const N: usize>(
    rounds: usize,
    mut each: [&mut dyn FnMut() -> f64; N],
) -> [Samples; N] {
    let mut samples = [(); N].map(|()| Samples::default());
    for _ in 0..rounds {
        for (sample, samples) in each.iter_mut().zip(&mut samples) {
            samples.push(sample());
        }
    }
    samples
}

/// Nanoseconds of one run of each, all of them sampled in turns. Each is repeated within a sample until it is long enough
/// to be timed well.
pub fn in_turns<const N: usize>(rounds: usize, mut each: [&mut dyn FnMut(); N]) -> [Samples; N] {
    let repeats = each.each_mut().map(|run| repeats_of(*run));
    let mut samples = [(); N].map(|()| Samples::default());
    for _ in 0..rounds {
        for ((run, repeats), samples) in each.iter_mut().zip(repeats).zip(&mut samples) {
            let (took, ()) = time(|| (0..repeats).for_each(|_| run()));
            samples.push(nanos(took) / f64::from(repeats));
        }
    }
    samples
}

/// A time as the table counts it.
pub fn nanos(took: Duration) -> f64 {
    took.as_nanos() as f64
}

/// Nanoseconds of one run.
pub fn alone(rounds: usize, mut run: impl FnMut()) -> Samples {
    let [samples] = in_turns(rounds, [&mut run]);
    samples
}

/// How many runs fill one sample. Warms up what is measured by the way.
fn repeats_of(run: &mut dyn FnMut()) -> u32 {
    let mut repeats = 1_u32;
    loop {
        let (took, ()) = time(|| (0..repeats).for_each(|_| run()));
        if took >= SAMPLE {
            return repeats;
        }
        let short_by = SAMPLE.as_secs_f64() / took.as_secs_f64().max(1e-9);
        repeats = (f64::from(repeats) * short_by.clamp(1.2, 100.0)).ceil() as u32;
    }
}

/// How often a second this happens when so many threads do it at once, each so many times, and what each of them got.
pub fn rate<T: Send>(
    threads: usize,
    times: usize,
    run: impl Fn(usize) -> T + Sync,
) -> (f64, Vec<T>) {
    let together = Barrier::new(threads + 1);
    let client = |thread: usize| {
        let numbers = thread * times..(thread + 1) * times;
        together.wait();
        numbers.map(&run).collect::<Vec<_>>()
    };
    let (took, got) = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || client(thread)))
            .collect();
        together.wait();
        time(|| {
            clients
                .into_iter()
                .flat_map(|client| client.join().expect("a client does not panic"))
                .collect()
        })
    });
    ((threads * times) as f64 / took.as_secs_f64(), got)
}
