using System.Runtime.CompilerServices;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Failures in words where somebody asked for them, and else without a cost.</summary>
internal static class Failures
{
    public static Value Say(bool say, [InterpolatedStringHandlerArgument(nameof(say))] ref Words words) =>
        say ? new Value(new Failure(words.ToString())) : Value.Unsaid;

    /// <summary>A value of another type than the one that is needed.</summary>
    public static Value Type(string needed, Value found, bool say) => Say(say, $"expected {needed}, found {found.TypeName}");

    /// <summary>An interpolated text that is not put together when nobody asks for it.</summary>
    [InterpolatedStringHandler]
    internal ref struct Words
    {
        private DefaultInterpolatedStringHandler _text;

        public Words(int literalLength, int formattedCount, bool say, out bool isWanted)
        {
            isWanted = say;
            _text = say ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
