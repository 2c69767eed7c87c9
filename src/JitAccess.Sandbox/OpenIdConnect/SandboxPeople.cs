using System.Diagnostics.CodeAnalysis;

namespace JitAccess.Sandbox.OpenIdConnect;

/// <summary>The people whom the provider knows, in the order of the sign-in page. They can change while it runs.</summary>
public sealed class SandboxPeople
{
    private const string Account = "111111111111";

    private readonly Lock gate = new();
    private readonly List<SandboxPerson> people =
    [
        Person("requester", "Rina Requester", "engineering", "role/jit-requester", "Asks for access to nodes and works on them", "E-1001", "CC-100", "Engineering"),
        Person("approver", "Aiko Approver", "platform-leads", "role/jit-approver", "Approves and rejects requests", "E-2001", "CC-200", "Platform"),
        Person("approver2", "Bruno Approver", "platform-leads", "role/jit-approver", "The second approver, where two must agree", "E-2002", "CC-200", "Platform"),
        Person("oncall", "Olga On-call", "on-call", "role/jit-requester", "On call: may break glass on production nodes", "E-1003", "CC-100", "Engineering"),
        Person("admin", "Ada Admin", "jit-admins", "role/jit-admin", "Writes the policies", "E-3001", "CC-300", "Security"),
        Person("auditor", "Otto Auditor", "jit-auditors", "role/jit-auditor", "Reads everything, changes nothing", "E-4001", "CC-400", "Audit"),
        Person("iam-user", "Ivan User", "engineering", "user/iam-user", "Signed in as an IAM user: is told which role to assume", "E-1002", "CC-100", "Engineering"),
    ];

    public IReadOnlyList<SandboxPerson> All
    {
        get
        {
            lock (gate)
                return [.. people];
        }
    }

    public SandboxPerson this[string userName] =>
        TryFind(userName, out SandboxPerson? person) ? person : throw new KeyNotFoundException($"The sandbox knows no {userName}.");

    public bool TryFind(string? userName, [NotNullWhen(true)] out SandboxPerson? person)
    {
        lock (gate)
            person = people.Find(known => known.UserName == userName);
        return person is not null;
    }

    /// <summary>Adds a person, or changes what the next sign-in says about a known one.</summary>
    public void Set(SandboxPerson person)
    {
        lock (gate)
        {
            int index = people.FindIndex(known => known.UserName == person.UserName);
            if (index < 0)
                people.Add(person);
            else
                people[index] = person;
        }
    }

    private static SandboxPerson Person(
        string userName, string name, string group, string identity, string purpose, string employeeNumber, string costCenter, string division) =>
        new(userName, name)
        {
            Purpose = purpose,
            Groups = [group],
            AwsIdentities = [$"arn:aws:iam::{Account}:{identity}"],
            Attributes = new Dictionary<string, string>
            {
                ["employeeNumber"] = employeeNumber,
                ["costCenter"] = costCenter,
                ["organization"] = "Sandbox",
                ["division"] = division,
            },
        };
}
