//! Saved views: personal ones, and those that a tenant shares.

use super::{Log, sample::*};
use crate::{Person, SavedView, ViewBounds, ViewKept, ViewOwner};

const BOUNDS: ViewBounds = ViewBounds { owned: 3, shared: 2 };

fn owner(user: &str, issuer: Option<&str>, tenant: Option<&str>) -> ViewOwner {
    let [user_id, issuer, tenant] = [Some(user), issuer, tenant].map(|name| name.map(str::to_owned));
    ViewOwner { user_id, issuer, tenant }
}

fn ada() -> ViewOwner {
    owner("ada", None, None)
}

/// The n-th view, which was saved n microseconds after noon.
fn view(n: u64, owner: ViewOwner) -> SavedView {
    let created_at = at_micro(n.try_into().expect("a small number"));
    SavedView {
        id: id(n),
        owner,
        name: format!("view {n} \u{202e}' -- é"),
        query: "success_filter=failure&q=%F0%9F%9A%80".into(),
        shared: false,
        is_default: false,
        created_at,
        updated_at: created_at,
    }
}

fn shared(n: u64, owner: ViewOwner) -> SavedView {
    SavedView { shared: true, ..view(n, owner) }
}

async fn add(log: &Log, view: SavedView) -> ViewKept {
    log.add_view(view, BOUNDS).await.expect("an answer")
}

async fn change(log: &Log, view: SavedView) -> ViewKept {
    log.change_view(view, BOUNDS).await.expect("an answer")
}

async fn seen(log: &Log, owner: ViewOwner) -> Vec<SavedView> {
    log.views(owner).await.expect("views")
}

/// The ids of the views that an owner sees.
async fn ids(log: &Log, owner: ViewOwner) -> Vec<uuid::Uuid> {
    seen(log, owner).await.into_iter().map(|view| view.id).collect()
}

pub(super) async fn a_view_comes_back_exactly_after_a_restart(mut log: Log) {
    let kept =
        SavedView { is_default: true, ..shared(1, owner("ada", Some("https://id.example"), Some("acme"))) };
    assert_eq!(add(&log, kept.clone()).await, ViewKept::Kept);
    log.reopen().await;
    assert_eq!(seen(&log, kept.owner.clone()).await, [kept]);
}

pub(super) async fn personal_views_are_seen_by_their_owner_and_shared_ones_in_the_tenant(log: Log) {
    let (of_issuer, of_acme) = (owner("ada", Some("other"), None), owner("ada", None, Some("acme")));
    for view in [view(1, ada()), shared(2, ada()), view(3, of_issuer.clone()), shared(4, of_acme.clone())] {
        assert_eq!(add(&log, view).await, ViewKept::Kept);
    }
    assert_eq!(ids(&log, ada()).await, [id(1), id(2)]);
    assert_eq!(ids(&log, owner("bob", None, None)).await, [id(2)]);
    assert_eq!(ids(&log, of_issuer).await, [id(2), id(3)], "the same id of another issuer is another user");
    assert_eq!(ids(&log, of_acme).await, [id(4)]);
    assert_eq!(ids(&log, owner("bob", None, Some("globex"))).await, Vec::<uuid::Uuid>::new());
}

pub(super) async fn a_view_is_changed_except_its_owner_and_its_creation(log: Log) {
    add(&log, shared(1, ada())).await;
    let changed = SavedView {
        name: "another".into(),
        query: String::new(),
        shared: false,
        updated_at: at(9),
        ..view(1, ada())
    };
    let given = SavedView { created_at: at(5), ..changed.clone() };
    assert_eq!(change(&log, given).await, ViewKept::Kept);
    assert_eq!(seen(&log, ada()).await, [changed]);
    assert_eq!(change(&log, view(2, ada())).await, ViewKept::Missing);
    assert!(log.remove_view(id(1)).await.expect("an answer"));
    assert!(!log.remove_view(id(1)).await.expect("an answer"));
    assert_eq!(change(&log, view(1, ada())).await, ViewKept::Missing, "it does not come back");
}

pub(super) async fn one_view_of_an_owner_is_the_default(log: Log) {
    let default = |n, owner| SavedView { is_default: true, ..view(n, owner) };
    for view in [default(1, ada()), default(2, ada()), default(3, owner("bob", None, None))] {
        add(&log, view).await;
    }
    let defaults = async |owner| {
        let views = seen(&log, owner).await.into_iter();
        views.filter(|view| view.is_default).map(|view| view.id).collect::<Vec<_>>()
    };
    assert_eq!(defaults(ada()).await, [id(2)]);
    change(&log, default(1, ada())).await;
    assert_eq!(defaults(ada()).await, [id(1)]);
    change(&log, view(1, ada())).await;
    assert_eq!(defaults(ada()).await, Vec::<uuid::Uuid>::new());
    assert_eq!(defaults(owner("bob", None, None)).await, [id(3)]);
}

pub(super) async fn views_are_bounded_by_owner_and_by_tenant(log: Log) {
    let acme = |user| owner(user, None, Some("acme"));
    for view in [shared(1, acme("ada")), shared(2, acme("ada")), view(3, acme("ada"))] {
        assert_eq!(add(&log, view).await, ViewKept::Kept);
    }
    assert_eq!(add(&log, view(4, acme("ada"))).await, ViewKept::OwnerIsFull);
    assert_eq!(add(&log, shared(4, acme("bob"))).await, ViewKept::TenantIsFull);
    assert_eq!(add(&log, view(4, acme("bob"))).await, ViewKept::Kept);
    assert_eq!(change(&log, shared(4, acme("bob"))).await, ViewKept::TenantIsFull);
    assert_eq!(change(&log, view(3, acme("ada"))).await, ViewKept::Kept, "a full owner may change views");
    assert_eq!(add(&log, shared(5, ada())).await, ViewKept::Kept, "another tenant has its own bound");
}

pub(super) async fn of_many_who_save_at_once_none_goes_over_the_bound(log: Log) {
    let saving = (1..=12).map(|n| {
        let store = log.handle();
        tokio::spawn(async move {
            let default = SavedView { is_default: true, ..view(n, ada()) };
            store.add_view(default, BOUNDS).await.expect("an answer")
        })
    });
    let mut kept = 0;
    for saved in saving.collect::<Vec<_>>() {
        kept += u64::from(saved.await.expect("an answer") == ViewKept::Kept);
    }
    let views = seen(&log, ada()).await;
    assert_eq!((kept, views.len()), (BOUNDS.owned, 3));
    assert_eq!(views.iter().filter(|view| view.is_default).count(), 1);
}

pub(super) async fn an_erasure_removes_personal_views_and_the_name_at_shared_ones(log: Log) {
    let acme = owner("ada", Some("id"), Some("acme"));
    for view in [view(1, ada()), shared(2, ada()), view(3, acme.clone()), view(4, owner("bob", None, None))] {
        add(&log, view).await;
    }
    let person = |tenant: Option<&str>| Person {
        user_id: "ada".into(),
        tenant: tenant.map(str::to_owned),
        pseudonym: "e".into(),
    };
    let erase = async |tenant| log.erase_views(person(tenant)).await.expect("an erasure");
    assert_eq!((erase(Some("acme")).await, erase(Some("acme")).await), (1, 0));
    assert_eq!(ids(&log, ada()).await, [id(1), id(2)]);
    assert_eq!(erase(None).await, 2);
    let left = seen(&log, owner("bob", None, None)).await;
    let nobody = ViewOwner { user_id: None, ..ada() };
    assert_eq!(left, [shared(2, nobody), view(4, owner("bob", None, None))]);
    assert_eq!(ids(&log, ada()).await, [id(2)], "a new user of the same id owns nothing");
}
