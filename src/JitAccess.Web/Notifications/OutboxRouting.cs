using System.Text.Json;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Notifications.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Notifications;

/// <summary>Turns what happened into one delivery for each recipient and channel, in one transaction: nobody is forgotten, and routing twice does nothing.</summary>
internal sealed class OutboxRouting(
    IDbContextFactory<JitAccessDbContext> contexts, IEnumerable<IChannel> channels, IOptions<NotificationOptions> options, IOptions<IdentityOptions> identity, TimeProvider time, ILogger<OutboxRouting> logger)
    : DueWork(time, logger)
{
    // What a later version of the application wrote waits for a replica that knows what it is.
    private static readonly string[] Kinds = [.. Notices.Actions.Keys];

    private readonly IChannel[] _channels = [.. channels];

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await database.Outbox.AnyAsync(message => message.SentAt == null && Kinds.Contains(message.Kind), cancellationToken)) return false;
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        List<OutboxMessage> messages = await database.Outbox
            .FromSql($"select * from outbox where sent_at is null and kind = any({Kinds}) order by created_at, id limit {BatchSize} for update skip locked").ToListAsync(cancellationToken);
        List<Happening> happenings = [.. messages.Select(message => new Happening(message, JsonSerializer.Deserialize<Told>(message.Content, JsonSerializerOptions.Web)!, Notices.Of(Notices.Actions[message.Kind])))];
        await FindSubjectsAsync(database, [.. happenings.Where(happening => happening.Lines.Count > 0)], cancellationToken);
        await AddAsync(database, [.. await DeliveriesAsync(database, happenings, cancellationToken)], cancellationToken);
        foreach (OutboxMessage message in messages) message.MarkRouted(Time.GetUtcNow());
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return messages.Count == BatchSize;
    }

    // What happened to a grant is told of its request.
    private static async Task FindSubjectsAsync(JitAccessDbContext database, IReadOnlyList<Happening> happenings, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. happenings.Select(happening => happening.SubjectId).OfType<Guid>().Distinct()];
        if (ids.Length == 0) return;
        Dictionary<Guid, Guid> ofGrants = await database.Grants.Where(grant => ids.Contains(grant.Id)).ToDictionaryAsync(grant => grant.Id, grant => grant.RequestId, cancellationToken);
        Guid[] wanted = [.. ids.Concat(ofGrants.Values).Distinct()];
        Dictionary<Guid, AccessRequest> requests = await database.Requests.AsNoTracking().Where(request => wanted.Contains(request.Id)).ToDictionaryAsync(request => request.Id, cancellationToken);
        Dictionary<Guid, Delegation> delegations = await database.Delegations.AsNoTracking().Where(delegation => ids.Contains(delegation.Id)).ToDictionaryAsync(delegation => delegation.Id, cancellationToken);
        foreach (Happening happening in happenings)
        {
            if (happening.SubjectId is not { } id) continue;
            happening.Request = requests.GetValueOrDefault(ofGrants.GetValueOrDefault(id, id));
            happening.Delegation = delegations.GetValueOrDefault(id);
        }
    }

    private async Task<IEnumerable<Delivery>> DeliveriesAsync(JitAccessDbContext database, IReadOnlyList<Happening> happenings, CancellationToken cancellationToken)
    {
        IChannel? email = _channels.FirstOrDefault(channel => channel.Kind == ChannelKind.Email);
        NoticeReaders readers = email is not null && happenings.Any(happening => happening.Lines.Count > 0)
            ? await NoticeReaders.LoadAsync(database, identity.Value.AdminGroups, Time.GetUtcNow(), cancellationToken)
            : NoticeReaders.None;
        return happenings.SelectMany(happening => ByEmail(happening, email, readers).Concat(_channels.Where(channel => channel.Kind != ChannelKind.Email).SelectMany(channel => ByChannel(happening, channel))));
    }

    private IEnumerable<Delivery> ByEmail(Happening happening, IChannel? email, NoticeReaders readers) =>
        email is null ? [] : readers.Of(happening).Select(reader => new Delivery(happening.Message.Id, email.Name, reader.Person.Subject, reader.Person.Email, Describe(happening, reader.Line), Time.GetUtcNow()));

    private IEnumerable<Delivery> ByChannel(Happening happening, IChannel channel)
    {
        NoticeLine? line = happening.Lines.FirstOrDefault(line => line.To.HasFlag(Audience.Chat));
        if (channel.Takes(happening.Message.Kind) && (line is not null || channel.Kind == ChannelKind.Webhook))
            yield return new Delivery(happening.Message.Id, channel.Name, "", null, Describe(happening, line), Time.GetUtcNow());
    }

    private Notice Describe(Happening happening, NoticeLine? line)
    {
        string path = line?.Path ?? happening.Facts.Path;
        JsonElement data = JsonSerializer.SerializeToElement(new
        {
            happening.Told.Subject,
            happening.Told.NodeId,
            happening.Told.Actor,
            happening.Told.ActorName,
            happening.Told.Why,
            Request = happening.Request?.Number,
            Link = options.Value.LinkTo(path).AbsoluteUri,
        }, JsonSerializerOptions.Web);
        return new Notice(happening.Message.Kind, happening.Message.CreatedAt, line?.Title(happening.Facts) ?? happening.Message.Kind, happening.Told.Why, path, data);
    }

    private static Task<int> AddAsync(JitAccessDbContext database, IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        if (deliveries.Count == 0) return Task.FromResult(0);
        Guid[] ids = [.. deliveries.Select(delivery => delivery.Id)], messages = [.. deliveries.Select(delivery => delivery.MessageId)];
        string[] channels = [.. deliveries.Select(delivery => delivery.Channel)], recipients = [.. deliveries.Select(delivery => delivery.Recipient)], contents = [.. deliveries.Select(delivery => delivery.Content)];
        string?[] addresses = [.. deliveries.Select(delivery => delivery.Address)];
        DateTimeOffset now = deliveries[0].CreatedAt;
        return database.Database.ExecuteSqlAsync(
            $"""
            insert into deliveries (id, message_id, channel, recipient, address, content, created_at, due_at, tries, state)
            select id, message, channel, recipient, address, content::jsonb, {now}, {now}, 0, 'Waiting'
            from unnest({ids}, {messages}, {channels}, {recipients}, {addresses}, {contents}) as told (id, message, channel, recipient, address, content)
            on conflict (message_id, channel, recipient) do nothing
            """, cancellationToken);
    }
}
