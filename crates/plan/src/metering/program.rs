//! Who leaves when by which path, all at once: a linear program, solved by a first-order method.
//!
//! Variables are people per path and window; what they cost is when they arrive. No element takes more in a stretch of time than its
//! capacity, nobody leaves before being ready, no site gets more than it holds, and everybody of a zone leaves somewhen or stays at a
//! high price. The method is primal-dual hybrid gradient with diagonal steps (Chambolle and Pock, J. Math. Imaging Vis. 40, 2011; Pock and
//! Chambolle, ICCV 2011), restarted from its averages (Applegate et al., Mathematical Programming 201, 2023). A window that is moved on
//! by travel is the same row of numbers shifted, so that no matrix is ever written down. The answer is near enough to be rounded: what
//! departures there are is decided by who finds room ([`super`]).

use clearway_model::Cancel;
use clearway_model::number::float;
use rayon::prelude::*;

/// People of a path pass an element: the path, and travel time until there.
#[derive(Debug, Clone, Copy)]
pub struct Passage {
    /// Place of the path.
    pub path: usize,
    /// Travel time in whole stretches.
    pub stretches: usize,
    /// The part of a stretch beyond them, 0 to 1.
    pub part: f32,
}

/// An element with a capacity.
pub struct CapacityRow {
    /// The paths that pass it.
    pub passages: Vec<Passage>,
    /// People that it takes in each stretch.
    pub capacity: Vec<f32>,
}

/// A path of a zone.
#[derive(Debug, Clone, Copy)]
pub struct ProgramPath {
    /// Place of its site.
    pub site: usize,
    /// How many rows it is in.
    pub rows: usize,
}

/// People of a zone.
pub struct ProgramZone {
    /// Its paths: the first, and the one behind the last.
    pub paths: (usize, usize),
    /// How many are to leave.
    pub people: f32,
    /// How many may have left by the end of each window, until all may.
    pub ready: Vec<f32>,
}

/// The program.
pub struct DepartureProgram {
    /// Number of windows.
    pub windows: usize,
    /// Stretches of time per window.
    pub stretches: usize,
    /// The paths, zone by zone.
    pub paths: Vec<ProgramPath>,
    /// The zones.
    pub zones: Vec<ProgramZone>,
    /// The elements.
    pub rows: Vec<CapacityRow>,
    /// Per site, how many it holds; infinite without a limit.
    pub sites: Vec<f32>,
    /// Per path and stretch of time, the share of its window's people who leave in it.
    pub spread: Vec<f32>,
    /// Per path and window, what it costs that one person leaves then; infinite where none can.
    pub cost: Vec<f32>,
    /// What it costs that one person stays.
    pub stay: f32,
}

/// Prices of all constraints.
#[derive(Clone)]
struct Prices {
    rows: Vec<Vec<f32>>,
    ready: Vec<Vec<f32>>,
    sites: Vec<f32>,
}

/// Iterations between two restarts.
const PERIOD: usize = 40;
const RESTARTS: usize = 10;
/// Small programs cost little and are solved more closely.
const FEW_COLUMNS: usize = 5_000;
const MORE_RESTARTS: usize = 40;

impl DepartureProgram {
    /// People per path and window, about.
    pub fn solve(&self, cancel: &Cancel) -> Vec<f32> {
        let columns = self.paths.len() * self.windows;
        let mut x = vec![0.0_f32; columns];
        let mut y = Prices {
            rows: self.rows.iter().map(|row| vec![0.0; row.capacity.len()]).collect(),
            ready: self.zones.iter().map(|zone| vec![0.0; zone.ready.len().saturating_sub(1)]).collect(),
            sites: vec![0.0; self.sites.len()],
        };
        let through = self.passages_of_paths();
        let people: f32 = self.zones.iter().map(|zone| zone.people).sum();
        // about people per window and path beside minutes of waiting
        let mut weight = (people / columns.max(1) as f32).max(0.1) / (self.stay / 20.0);
        let restarts = if columns <= FEW_COLUMNS { MORE_RESTARTS } else { RESTARTS };
        for _ in 0..restarts {
            let (x0, y0) = (x.clone(), y.clone());
            let mut x_sum = vec![0.0_f32; columns];
            let mut y_sum = Prices {
                rows: y.rows.iter().map(|row| vec![0.0; row.len()]).collect(),
                ready: y.ready.iter().map(|row| vec![0.0; row.len()]).collect(),
                sites: vec![0.0; y.sites.len()],
            };
            for _ in 0..PERIOD {
                if cancel.is_cancelled() {
                    return x;
                }
                let next = self.primal_step(&x, &y, &through, weight);
                let ahead: Vec<f32> = next.iter().zip(&x).map(|(new, old)| 2.0 * new - old).collect();
                self.dual_step(&mut y, &ahead, weight);
                x = next;
                add(&mut x_sum, &x);
                for (sum, row) in y_sum.rows.iter_mut().zip(&y.rows) {
                    add(sum, row);
                }
                for (sum, row) in y_sum.ready.iter_mut().zip(&y.ready) {
                    add(sum, row);
                }
                add(&mut y_sum.sites, &y.sites);
            }
            scale(&mut x_sum);
            y_sum.rows.iter_mut().chain(&mut y_sum.ready).for_each(|row| scale(row));
            scale(&mut y_sum.sites);
            (x, y) = (x_sum, y_sum);
            let far = |a: &[f32], b: &[f32]| -> f64 {
                a.iter().zip(b).map(|(a, b)| f64::from(a - b) * f64::from(a - b)).sum()
            };
            let dx = far(&x, &x0).sqrt();
            let dy = y.rows.iter().zip(&y0.rows).map(|(a, b)| far(a, b)).sum::<f64>().sqrt();
            if dx > 1e-6 && dy > 1e-6 {
                weight = (f64::from(weight).ln() * 0.5 + (dx / dy).ln() * 0.5).exp() as f32;
            }
        }
        x
    }

    /// Per path, the rows that it is in, with its travel time there.
    fn passages_of_paths(&self) -> Vec<Vec<(usize, Passage)>> {
        let mut through = vec![Vec::new(); self.paths.len()];
        for (row, data) in self.rows.iter().enumerate() {
            for passage in &data.passages {
                through[passage.path].push((row, *passage));
            }
        }
        through
    }

    /// Goes against cost and prices, and back to where everybody of each zone is somewhere.
    fn primal_step(&self, x: &[f32], y: &Prices, through: &[Vec<(usize, Passage)>], weight: f32) -> Vec<f32> {
        let (windows, each) = (self.windows, self.stretches);
        let mut next = vec![0.0_f32; x.len()];
        let mut parts: Vec<&mut [f32]> = Vec::with_capacity(self.zones.len());
        let mut rest = &mut next[..];
        for zone in &self.zones {
            let (part, behind) = rest.split_at_mut((zone.paths.1 - zone.paths.0) * windows);
            parts.push(part);
            rest = behind;
        }
        parts.into_par_iter().zip(&self.zones).enumerate().for_each(|(index, (part, zone))| {
            let most = (zone.paths.0..zone.paths.1).map(|path| self.paths[path].rows).max().unwrap_or(0);
            let step = weight / (most as f32 + 2.0);
            let mut fine = vec![0.0_f32; windows * each];
            // prices of being ready only later: a sum over all windows behind
            let mut early = vec![0.0_f32; windows];
            let mut sum = 0.0;
            for (window, price) in y.ready[index].iter().enumerate().rev() {
                sum += price;
                early[window] = sum;
            }
            for (path, passages) in (zone.paths.0..zone.paths.1).zip(&through[zone.paths.0..zone.paths.1]) {
                fine.fill(0.0);
                for &(row, Passage { stretches, part, .. }) in passages {
                    let prices = &y.rows[row][stretches..];
                    let now = prices.iter().zip(&prices[1..]);
                    for (sum, (now, then)) in fine.iter_mut().zip(now) {
                        *sum += (1.0 - part) * now + part * then;
                    }
                }
                let at = (path - zone.paths.0) * windows;
                let site = y.sites[self.paths[path].site];
                let spread = &self.spread[path * windows * each..(path + 1) * windows * each];
                for (window, (fine, spread)) in
                    fine.chunks_exact(each).zip(spread.chunks_exact(each)).enumerate()
                {
                    let price = fine.iter().zip(spread).map(|(price, share)| price * share).sum::<f32>();
                    let price = price + early[window] + site;
                    let column = path * windows + window;
                    part[at + window] = if self.cost[column].is_finite() {
                        x[column] - step * (self.cost[column] + price)
                    } else {
                        f32::NEG_INFINITY
                    };
                }
            }
            let moved: f32 = x[zone.paths.0 * windows..zone.paths.1 * windows].iter().sum();
            onto_simplex(part, zone.people, zone.people - moved - step * self.stay);
        });
        next
    }

    /// People per path and stretch of time.
    fn leaving(&self, x: &[f32]) -> Vec<f32> {
        let spread = self.spread.chunks_exact(self.stretches);
        x.iter()
            .zip(spread)
            .flat_map(|(people, spread)| spread.iter().map(move |share| people * share))
            .collect()
    }

    /// Adds up who passes an element in each stretch.
    fn add_up(&self, row: &CapacityRow, leaving: &[f32], used: &mut [f32]) {
        let each = self.windows * self.stretches;
        for &Passage { path, stretches, part } in &row.passages {
            let leaving = &leaving[path * each..(path + 1) * each];
            let used = &mut used[stretches..stretches + each + 1];
            for (used, people) in used.iter_mut().zip(leaving) {
                *used += (1.0 - part) * people;
            }
            if part > 0.0 {
                for (used, people) in used[1..].iter_mut().zip(leaving) {
                    *used += part * people;
                }
            }
        }
    }

    /// Raises the price of what is asked for too much, and lowers that of what is not.
    fn dual_step(&self, y: &mut Prices, x: &[f32], weight: f32) {
        let (windows, each) = (self.windows, self.stretches);
        let leaving = self.leaving(x);
        y.rows.par_iter_mut().zip(&self.rows).for_each(|(prices, row)| {
            let mut used = vec![0.0_f32; prices.len()];
            self.add_up(row, &leaving, &mut used);
            let step = each as f32 / (row.passages.len() as f32 * weight);
            for ((price, used), capacity) in prices.iter_mut().zip(&used).zip(&row.capacity) {
                *price = (*price + step * (used - capacity)).max(0.0);
            }
        });
        y.ready.par_iter_mut().zip(&self.zones).for_each(|(prices, zone)| {
            let paths = zone.paths.1 - zone.paths.0;
            let mut sum = 0.0;
            for (window, (price, ready)) in prices.iter_mut().zip(&zone.ready).enumerate() {
                sum += (zone.paths.0..zone.paths.1).map(|path| x[path * windows + window]).sum::<f32>();
                let step = 1.0 / ((paths * (window + 1)) as f32 * weight);
                *price = (*price + step * (sum - ready)).max(0.0);
            }
        });
        let mut at_site = vec![0.0_f64; self.sites.len()];
        let mut paths_to = vec![0_usize; self.sites.len()];
        for (path, data) in self.paths.iter().enumerate() {
            if self.sites[data.site].is_finite() {
                let people = &x[path * windows..(path + 1) * windows];
                at_site[data.site] += people.iter().map(|x| f64::from(*x)).sum::<f64>();
                paths_to[data.site] += 1;
            }
        }
        for (site, price) in y.sites.iter_mut().enumerate().filter(|(site, _)| self.sites[*site].is_finite())
        {
            let step = 1.0 / ((paths_to[site] * windows).max(1) as f32 * weight);
            *price = (*price + step * (at_site[site] as f32 - self.sites[site])).max(0.0);
        }
    }

    #[cfg(test)]
    /// How much more than their capacity elements are asked for, as a share of all that passes them, and the mean cost.
    pub fn quality(&self, x: &[f32]) -> (f64, f64) {
        let (mut over, mut all) = (0.0, 0.0);
        let leaving = self.leaving(x);
        for row in &self.rows {
            let mut used = vec![0.0_f32; row.capacity.len()];
            self.add_up(row, &leaving, &mut used);
            for (used, capacity) in used.iter().zip(&row.capacity) {
                over += f64::from((used - capacity).max(0.0));
                all += f64::from(*used);
            }
        }
        let people: f64 = self.zones.iter().map(|zone| f64::from(zone.people)).sum();
        let placed: f64 = x.iter().map(|x| f64::from(*x)).sum();
        let cost: f64 =
            x.iter().zip(&self.cost).filter(|x| *x.0 > 0.0).map(|(x, c)| f64::from(*x) * f64::from(*c)).sum();
        (over / f64::max(all, 1.0), (cost + (people - placed) * f64::from(self.stay)) / people)
    }
}

fn add(sum: &mut [f32], row: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += value;
    }
}

fn scale(sum: &mut [f32]) {
    let by = 1.0 / float(PERIOD as i64) as f32;
    for value in sum {
        *value *= by;
    }
}

/// The nearest point with no negative part whose sum is `total`; one more part, `stay`, takes part in it and is thrown away.
fn onto_simplex(values: &mut [f32], total: f32, stay: f32) {
    let mut sorted: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).chain([stay]).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut level) = (0.0_f64, 0.0_f64);
    for (count, value) in sorted.iter().enumerate() {
        sum += f64::from(*value);
        let next = (sum - f64::from(total)) / (count as f64 + 1.0);
        if f64::from(*value) <= next {
            break;
        }
        level = next;
    }
    for value in values {
        *value = if value.is_finite() { (*value - level as f32).max(0.0) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_of_a_simplex() {
        let mut values = [3.0, 1.0, f32::NEG_INFINITY];
        onto_simplex(&mut values, 2.0, -10.0);
        assert_eq!(values, [2.0, 0.0, 0.0]);
        let mut values = [3.0, 2.0, 0.0];
        onto_simplex(&mut values, 3.0, -10.0);
        assert_eq!(values, [2.0, 1.0, 0.0]);
        // whoever stays takes a part
        let mut values = [1.0, 1.0];
        onto_simplex(&mut values, 3.0, 1.0);
        assert_eq!(values, [1.0, 1.0]);
    }

    /// Two zones share an element of 10 people a window, one of them has another way that is two windows longer: of 20 people each, the
    /// zone without a choice has the element to itself as long as the other way pays.
    #[test]
    fn a_zone_with_a_choice_makes_room_where_that_is_cheaper() {
        let windows = 6;
        let cost: Vec<f32> = [0.0, 0.0, 2.0]
            .into_iter()
            .flat_map(|travel| (0..windows).map(move |window| window as f32 + travel))
            .collect();
        let passage = |path| Passage { path, stretches: 0, part: 0.0 };
        let row = |passages: Vec<Passage>| CapacityRow { passages, capacity: vec![10.0; windows + 1] };
        let program = DepartureProgram {
            windows,
            stretches: 1,
            paths: [1, 1, 1].map(|rows| ProgramPath { site: 0, rows }).to_vec(),
            zones: vec![
                ProgramZone { paths: (0, 1), people: 20.0, ready: vec![20.0] },
                ProgramZone { paths: (1, 3), people: 20.0, ready: vec![20.0] },
            ],
            rows: vec![row(vec![passage(0), passage(1)]), row(vec![passage(2)])],
            sites: vec![f32::INFINITY],
            spread: vec![1.0; 3 * windows],
            cost,
            stay: 100.0,
        };
        let x = program.solve(&Cancel::default());
        let (over, cost) = program.quality(&x);
        // 10 people each in windows 0, 1, 2 of the element and 10 in window 0 of the other way: (0 + 1 + 2 + 2) x 10 over 40 people; the
        // last could as well take window 3 of neither
        assert!(over < 0.01, "{over}");
        assert!((cost - 1.25).abs() < 0.02, "{cost} {x:?}");
    }
}
