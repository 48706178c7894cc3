//! MATSim: network (network_v2), population with the route and departure of every vehicle (population_v6), a config that runs them, and
//! events of our simulation if asked for.

mod events;

use crate::format::{ExportError, ExportOptions, NamedBytes};
use crate::tables::PlanFacts;
use crate::trips::{EdgeKind, TrafficPlan, seconds_of};
use crate::xml::XmlText;
use clearway_model::number::{ceil, float};
use clearway_model::time::seconds;
use clearway_network::SPACING_M;

const READ_ME: &str = "A plan for MATSim (https://matsim.org), made by Clearway.

network.xml, plans.xml   the roads and the vehicles of the plan; config.xml runs them once, without replanning
events.xml               if asked for: what Clearway's own simulation, in which queues take space, does with the same vehicles

Agents are vehicles: ORDER.NUMBER, with the attribute people. Each leaves its zone at the end of the link from.* of its connector and
drives its route to the link end.* behind its site. Links have their free-flow time, the capacity of the scenario less what is reserved,
and so many lanes that as many vehicles fit as in Clearway (room). Closures, opening times and hazards are not in these files: the
departures of the plan keep to them. Coordinates are metres around the middle of the scenario, in the projection that network.xml names.
";

/// A folder of files.
pub(crate) fn matsim(facts: &PlanFacts<'_>, options: ExportOptions) -> Result<Vec<NamedBytes>, ExportError> {
    let traffic = TrafficPlan::new(facts, "MATSim")?;
    let file = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    let mut files = vec![
        file("README.txt", READ_ME.as_bytes().to_vec()),
        file("network.xml", network(facts, &traffic)),
        file("plans.xml", population(facts, &traffic)),
        file("config.xml", config(facts)),
    ];
    if options.with_events {
        files.push(file("events.xml", events::events(facts, &traffic)?));
    }
    Ok(files)
}

fn network(facts: &PlanFacts<'_>, traffic: &TrafficPlan) -> Vec<u8> {
    let mut xml =
        XmlText::new("<!DOCTYPE network SYSTEM \"http://www.matsim.org/files/dtd/network_v2.dtd\">\n");
    xml.open("network", &[("name", &facts.source.scenario.settings.name)]);
    xml.open("attributes", &[]);
    let text = ("class", "java.lang.String");
    xml.element("attribute", &[("name", "coordinateReferenceSystem"), text], "Atlantis");
    xml.element("attribute", &[("name", "projection"), text], &traffic.plane.proj());
    xml.close();
    xml.open("nodes", &[]);
    for node in &traffic.nodes {
        let [x, y] = node.place.map(|metres| format!("{metres:.2}"));
        xml.empty("node", &[("id", &node.id), ("x", &x), ("y", &y)]);
    }
    xml.close();
    let cell = SPACING_M.to_string();
    xml.open(
        "links",
        &[("capperiod", "01:00:00"), ("effectivecellsize", &cell), ("effectivelanewidth", "3.75")],
    );
    for edge in &traffic.edges {
        // so many lanes that the room is ours: MATSim divides length x lanes by the cell
        let lanes = edge.room.map_or(float(edge.lanes), |room| f64::from(room) * SPACING_M / edge.length_m);
        let lanes = if edge.kind == EdgeKind::Road {
            lanes
        } else {
            float(edge.vehicles) * SPACING_M / edge.length_m
        };
        let attributes = [
            ("id", edge.id.clone()),
            ("from", traffic.nodes[edge.ends.0].id.clone()),
            ("to", traffic.nodes[edge.ends.1].id.clone()),
            ("length", format!("{:.2}", edge.length_m)),
            ("freespeed", format!("{:.4}", edge.length_m / edge.time_s)),
            ("capacity", format!("{:.3}", edge.vehicles_h.unwrap_or(999_999.0))),
            ("permlanes", format!("{:.4}", lanes.max(1e-4))),
            ("oneway", "1".to_owned()),
            ("modes", "car".to_owned()),
        ];
        let attributes: Vec<(&str, &str)> =
            attributes.iter().map(|(key, value)| (*key, value.as_str())).collect();
        xml.open("link", &attributes);
        xml.open("attributes", &[]);
        xml.element("attribute", &[("name", "clearway_id"), text], &edge.original);
        xml.close();
        xml.close();
    }
    xml.finish()
}

fn population(facts: &PlanFacts<'_>, traffic: &TrafficPlan) -> Vec<u8> {
    let mut xml =
        XmlText::new("<!DOCTYPE population SYSTEM \"http://www.matsim.org/files/dtd/population_v6.dtd\">\n");
    xml.open("population", &[("desc", &facts.source.scenario.settings.name)]);
    for trip in &traffic.trips {
        let (order, route) = (&facts.source.plan.orders[trip.order], &facts.source.plan.routes[trip.route]);
        let edges = &traffic.routes[trip.route];
        let ids: Vec<&str> = edges.iter().map(|&edge| traffic.edges[edge].id.as_str()).collect();
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { continue };
        let connector_ms =
            facts.lookup.connectors.get(route.from_connector.as_str()).map_or(0, |row| row.time_ms);
        // MATSim goes second by second; nobody leaves before the plan has it
        let departs = clock(ceil(seconds_of(trip.departs_us) + seconds(connector_ms)));
        xml.open("person", &[("id", &trip.id)]);
        xml.open("attributes", &[]);
        let people = trip.people.to_string();
        xml.element("attribute", &[("name", "people"), ("class", "java.lang.Integer")], &people);
        let text = ("class", "java.lang.String");
        xml.element("attribute", &[("name", "zone_id"), text], &order.zone_id);
        xml.element("attribute", &[("name", "site_id"), text], &route.site_id);
        xml.close();
        xml.open("plan", &[("selected", "yes")]);
        let place = |edge: usize, at: fn(&crate::trips::TrafficEdge) -> usize| {
            traffic.nodes[at(&traffic.edges[edge])].place.map(|metres| format!("{metres:.2}"))
        };
        let [x, y] = place(edges[0], |edge| edge.ends.0);
        xml.empty(
            "activity",
            &[("type", "zone"), ("link", first), ("x", &x), ("y", &y), ("end_time", &departs)],
        );
        xml.open("leg", &[("mode", "car"), ("dep_time", &departs)]);
        let ends = [("type", "links"), ("start_link", *first), ("end_link", *last)];
        xml.element("route", &ends, &ids.join(" "));
        xml.close();
        let [x, y] = place(edges[edges.len() - 1], |edge| edge.ends.1);
        xml.empty("activity", &[("type", "site"), ("link", last), ("x", &x), ("y", &y)]);
        xml.close();
        xml.close();
    }
    xml.finish()
}

/// Seconds as hours, minutes and seconds, also beyond a day.
fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds % 3600 / 60, seconds % 60)
}

fn config(facts: &PlanFacts<'_>) -> Vec<u8> {
    let end = clock(ceil(seconds(facts.source.scenario.settings.horizon_ms)));
    let mut xml =
        XmlText::new("<!DOCTYPE config SYSTEM \"http://www.matsim.org/files/dtd/config_v2.dtd\">\n");
    xml.open("config", &[]);
    let modules: [(&str, &[(&str, &str)]); 5] = [
        ("global", &[("coordinateSystem", "Atlantis"), ("randomSeed", "1")]),
        ("network", &[("inputNetworkFile", "network.xml")]),
        ("plans", &[("inputPlansFile", "plans.xml")]),
        (
            "controller",
            &[
                ("firstIteration", "0"),
                ("lastIteration", "0"),
                ("outputDirectory", "output"),
                ("mobsim", "qsim"),
            ],
        ),
        (
            "qsim",
            &[
                ("startTime", "00:00:00"),
                ("endTime", &end),
                ("trafficDynamics", "kinematicWaves"),
                ("linkDynamics", "FIFO"),
                // nobody is taken off the road for having waited long
                ("stuckTime", "999999"),
                ("removeStuckVehicles", "false"),
            ],
        ),
    ];
    for (module, parameters) in modules {
        xml.open("module", &[("name", module)]);
        for (name, value) in parameters {
            xml.empty("param", &[("name", name), ("value", value)]);
        }
        xml.close();
    }
    xml.open("module", &[("name", "scoring")]);
    for kind in ["zone", "site"] {
        xml.open("parameterset", &[("type", "activityParams")]);
        for (name, value) in [("activityType", kind), ("scoringThisActivityAtAll", "false")] {
            xml.empty("param", &[("name", name), ("value", value)]);
        }
        xml.close();
    }
    xml.finish()
}
