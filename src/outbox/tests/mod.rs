mod leases;
mod nodes;
mod outages;
mod rates;
mod world;
