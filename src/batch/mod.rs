//! Many regions on one machine, parts of a table on many machines, and what is made of both.
//!
//! Each region of a batch is a run of its own, in a process of its own. A region that fails, or that the system ends for
//! want of memory, takes no other with it; its memory goes back when it ends. Results appear whole by one rename of a
//! folder, so that a batch that is killed at any moment goes on where it was; what is made of the present inputs is not
//! made again.
//!
//! This runs processes and looks at clocks, which stages do not; what a region's folder holds is what `ddu run` writes.

mod child;
mod fresh;
mod lock;
mod memory;
mod merged;
mod overlay;
mod plan;
mod queue;
mod regions;
mod run;
mod shards;
mod status;
mod work;

pub use fresh::{Facts, fresh};
pub use plan::{MergePlan, Plan, RegionPlan, plan};
pub use regions::{MergedRows, RegionSet, may_hold_merged, regions, runs_of};
pub use run::{BatchError, BatchOptions, BatchOutcome, run};
pub use shards::{SHARD_MANIFEST, SHARD_ROWS, Shard, ShardSet, holds_shards, shards};
pub use status::{BatchStatus, Counts, RegionStatus, State};
pub use work::is_batch;
