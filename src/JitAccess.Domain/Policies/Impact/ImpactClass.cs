using System.Collections;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>People, or nodes, that no policy of either version can tell apart.</summary>
internal sealed class ImpactClass<T>(IReadOnlyList<T> all) : IReadOnlyList<T>
{
    private readonly List<int> _members = [];

    public int Count => _members.Count;

    public T this[int index] => all[_members[index]];

    public void Add(int member) => _members.Add(member);

    public IEnumerator<T> GetEnumerator() => _members.Select(member => all[member]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Sorts members into classes by a key that holds all that policies can see of them.</summary>
    public static IReadOnlyList<ImpactClass<T>> Sorted<TKey>(IReadOnlyList<T> all, Func<T, TKey> key) where TKey : notnull
    {
        Dictionary<TKey, ImpactClass<T>> classes = [];
        List<ImpactClass<T>> inOrder = [];
        for (int index = 0; index < all.Count; index++)
        {
            TKey one = key(all[index]);
            if (!classes.TryGetValue(one, out ImpactClass<T>? members))
            {
                classes[one] = members = new ImpactClass<T>(all);
                inOrder.Add(members);
            }
            members.Add(index);
        }
        return inOrder;
    }
}
