namespace JitAccess.Web.Notifications;

/// <summary>One sentence and whom it is for. Somebody for whom several lines of a notice are gets the first.</summary>
/// <param name="To">Who is told.</param>
/// <param name="Topic">What people turn off to be spared it by e-mail; null for what nobody may turn off.</param>
/// <param name="Title">The sentence.</param>
internal sealed record NoticeLine(Audience To, NoticeTopic? Topic, Func<NoticeFacts, string> Title)
{
    /// <summary>Whether the person who did it is told too, because not they but a policy decided.</summary>
    public bool AlsoToTheActor { get; init; }

    /// <summary>The page that shows it, where it is not the request.</summary>
    public string? Path { get; init; }
}
